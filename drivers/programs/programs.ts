import { spawn } from 'node:child_process';
import { errorsOf } from '@jolly/contracts/values';

export const programError = errorsOf({
  PROGRAM_ABSENT: {
    cause: 'a program that the driver needs is not installed',
    retry: 'no',
    cure: 'install its package (docs/cabinet.md), or name the program with program= in the URI',
  },
  PROGRAM_FAILED: {
    cause: 'a program that the driver needs gave an error',
    retry: 'later',
    cure: 'run the program by hand as the terminal’s user and read what it says',
  },
});

/** A program that runs on and says lines. */
export interface Watched {
  stop(): void;
}

/** How drivers run programs of the system: never through a shell, always with a list of arguments. */
export interface Programs {
  /** Standard output of a program that ended well. Rejects with `PROGRAM_ABSENT` or `PROGRAM_FAILED`. */
  run(program: string, args: readonly string[]): Promise<string>;
  /** Starts a program that stays. `ended` comes once, also when it could not be started; not after `stop`. */
  watch(
    program: string,
    args: readonly string[],
    on: { line(line: string): void; ended(reason: string): void },
  ): Watched;
}

const RUN_MS = 10_000;
const MOST_OUTPUT = 64 * 1024;

const absent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Programs of this computer. */
export const systemPrograms: Programs = {
  run: (program, args) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: RUN_MS });
      let out = '';
      let err = '';
      child.stdout.on('data', (bytes: Buffer) => {
        if (out.length < MOST_OUTPUT) out += bytes.toString('utf8');
      });
      child.stderr.on('data', (bytes: Buffer) => {
        if (err.length < MOST_OUTPUT) err += bytes.toString('utf8');
      });
      child.on('error', (cause) =>
        reject(programError(absent(cause) ? 'PROGRAM_ABSENT' : 'PROGRAM_FAILED', { program }, { cause })),
      );
      child.on('close', (code) => {
        if (code === 0) return resolve(out);
        const why = err.trim().split('\n').at(-1)?.slice(0, 120) ?? '';
        reject(programError('PROGRAM_FAILED', { program, status: code ?? -1, why }));
      });
    }),
  watch: (program, args, on) => {
    const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    let over = false;
    let rest = '';
    const end = (reason: string) => {
      if (over) return;
      over = true;
      on.ended(reason);
    };
    child.stdout?.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString('utf8')).split('\n');
      rest = (lines.pop() ?? '').slice(-MOST_OUTPUT);
      for (const line of lines) if (!over) on.line(line);
    });
    child.on('error', (error) => end(absent(error) ? 'program-absent' : 'program-failed'));
    child.on('close', (code) => end(code === 0 ? 'program-ended' : 'program-failed'));
    return {
      stop: () => {
        over = true;
        child.kill();
      },
    };
  },
};
