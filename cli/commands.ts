import type { Command } from '@jolly/contracts/command';

/** A row of the table: what the overview says, and where the command is. Loaded only when called. */
export interface Registration {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The commands of `jolly`, in the order of the overview. Adding one is adding a row. */
export const commands: Readonly<Record<string, Registration>> = {
  decode: {
    summary: 'read what went over a wire: notices, ECR17, printer status, barcode reader',
    load: async () => (await import('./decode/index.ts')).decodeCommand,
  },
  doctor: {
    summary: 'numbered self-tests of every device and link of a terminal, each with its cure',
    load: async () => (await import('./terminal/index.ts')).doctorCommand,
  },
  journal: {
    summary: 'payments of a terminal, their steps, what is open; proof that nobody changed them',
    load: async () => (await import('./terminal/index.ts')).journalCommand,
  },
};
