import type { Command } from '@jolly/contracts/command';

/** A row of the table: what the overview says, and where the command is. Loaded only when called. */
export interface Registration {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The commands of `jolly`, in the order of the overview. Adding one is adding a row. */
export const commands: Readonly<Record<string, Registration>> = {
  doctor: {
    summary: 'test every device and link of a terminal, with a cure for what fails',
    load: async () => (await import('./terminal/index.ts')).doctorCommand,
  },
  journal: {
    summary: "read a terminal's payments, their steps and what is still open",
    load: async () => (await import('./terminal/index.ts')).journalCommand,
  },
  'day-end': {
    summary: 'close the present day at the card terminal now',
    load: async () => (await import('./terminal/day-end.ts')).dayEndCommand,
  },
  secrets: {
    summary: "set and rotate the fleet server's sealed credentials",
    load: async () => (await import('./server/index.ts')).secretsCommand,
  },
  people: {
    summary: 'who may sign in to the console: the first person, and the way back in',
    load: async () => (await import('./server/index.ts')).peopleCommand,
  },
  audit: {
    summary: 'check that the log of who did what is whole, give it out',
    load: async () => (await import('./server/index.ts')).auditCommand,
  },
  backup: {
    summary: "copy the fleet server's store while it runs",
    load: async () => (await import('./server/index.ts')).backupCommand,
  },
  restore: {
    summary: "put a backup in place of the fleet server's store",
    load: async () => (await import('./server/index.ts')).restoreCommand,
  },
  'restore-test': {
    summary: 'prove that a backup can be used, in a scratch place',
    load: async () => (await import('./server/index.ts')).restoreTestCommand,
  },
  'fleet-load': {
    summary: 'made-up terminals over the real protocol, to see what a fleet server bears',
    load: async () => (await import('./fleet-load/index.ts')).fleetLoadCommand,
  },
  trust: {
    summary: 'look at CA certificates and import them for the fleet server',
    load: async () => (await import('./server/index.ts')).trustCommand,
  },
  'link-ca': {
    summary: "write terminals' authorities and revocation lists for a broker of the house's",
    load: async () => (await import('./server/index.ts')).linkCaCommand,
  },
  wire: {
    summary: 'record a terminal’s wires without personal data, look at recordings, play them again',
    load: async () => (await import('./wire/index.ts')).wireCommand,
  },
  decode: {
    summary: 'read what went over a wire: notices, ECR17, printer status, barcode reader',
    load: async () => (await import('./decode/index.ts')).decodeCommand,
  },
};
