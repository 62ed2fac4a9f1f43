import type { CommandAct, CommandKind, CommandReport } from '@jolly/contracts/fleet-link';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import type { StepResult } from '../diagnostics/index.ts';

/** How a command ended, in the words of its report. */
export type CommandEnd = Pick<CommandReport, 'reason' | 'steps'> & {
  readonly state: 'done' | 'refused' | 'failed';
};

/** What it does to the process: the word of its end is said before (wipe), or by the next start (restart). */
export type CommandOutcome = CommandEnd | { readonly leaves: 'restart' | 'wipe' };

/** One kind each. A throw is `failed` with the error's word. */
export type CommandActs = {
  readonly [Kind in CommandKind]: (
    act: Extract<CommandAct, { kind: Kind }>,
    commandId: string,
  ) => Promise<CommandOutcome>;
};

export interface Picture {
  readonly type: 'image/webp' | 'image/png' | 'image/jpeg';
  readonly content: Uint8Array;
}

/** What the acts do things with. */
export interface CommandWorld {
  /** Somebody is being served, or a payment has no end yet. */
  readonly serving: () => boolean;
  readonly mode: {
    readonly state: { readonly mode: 'in-service' | 'out-of-service' | 'locked' };
    setMode(mode: 'in-service' | 'out-of-service' | 'locked', message?: string): void;
  };
  selfTest(): Promise<readonly Pick<StepResult, 'name' | 'ok' | 'detail'>[]>;
  /** Redacted log lines of the last minutes, newest last. */
  logs(sinceMinutes: number): readonly string[];
  /** Throws what the call to the server threw. */
  upload(commandId: string, type: string, content: Uint8Array): Promise<void>;
  /** The idle screen, drawn by itself; a word where it cannot be had. */
  screenshot(): Promise<Picture | string>;
  readonly printer: Pick<ReceiptPrinter, 'print'>;
  readonly place: {
    readonly city: string;
    readonly site: string;
    readonly terminalId: string;
    readonly timeZone: string;
  };
  readonly software: string;
  now(): number;
  /** Undefined: this terminal has no sound. */
  readonly setLevel: ((level: number) => Promise<void>) | undefined;
  /** Undefined: the configuration does not allow it. Resolves with the program's exit status. */
  readonly restartHost: (() => Promise<number>) | undefined;
  readonly rotateKey: (() => Promise<void>) | undefined;
}
