import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A child process that says in one JSON line on standard output that it is ready. */
export interface Started<Ready> {
  readonly ready: Ready;
  readonly child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `node <script> …args` and waits for its first JSON line with `ready: true`. */
export async function startProcess<Ready>(
  script: string,
  args: readonly string[],
  options: {
    readonly timeoutMs?: number;
    readonly env?: NodeJS.ProcessEnv;
    readonly onLine?: (line: string) => void;
    /** Standard error goes to the end of this file, else to ours. */
    readonly logFile?: string;
    /** A program, with its arguments, under which the process runs, e.g. a tracer. `stop` signals that program. */
    readonly under?: readonly string[];
  } = {},
): Promise<Started<Ready>> {
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a', 0o600);
  const [program = '', ...before] = [...(options.under ?? []), process.execPath];
  const child = spawn(program, [...before, ...process.execArgv, script, ...args], {
    stdio: ['ignore', 'pipe', log ?? 'inherit'],
    env: { ...process.env, ...options.env },
  });
  if (log !== undefined) closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${script} was not ready in time`));
    }, options.timeoutMs ?? 20_000);
    child.once('exit', (code) =>
      reject(new Error(`${script} ended with status ${code} before it was ready`)),
    );
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      options.onLine?.(line);
      if (!line.startsWith('{') || !line.includes('"ready":true')) return;
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready);
    });
  });
  return {
    ready,
    child,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
