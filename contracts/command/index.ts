/** What a command reads and writes: the process's own streams, or a test's. */
export interface CommandIo {
  /** Standard input, as it comes. */
  readonly input: AsyncIterable<Uint8Array>;
  /** One line on standard output; resolves when the reader keeps up. */
  out(line: string): Promise<void>;
  /** One line on standard error. */
  err(line: string): Promise<void>;
}

/** Exit statuses of `jolly`: done, done but something is wrong, the command line was not understood. */
export const EXIT = { done: 0, wrong: 1, usage: 2 } as const;

/** A command of `jolly`. It lives with its capability; `cli/commands.ts` only registers it. */
export interface Command {
  /** What `--help` prints after the name. */
  readonly usage: string;
  /** Runs with the arguments after the command's name; resolves with the exit status. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}
