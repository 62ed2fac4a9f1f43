import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A child process that says in one JSON line on standard output that it is ready. */
export interface Started<Ready> {
  readonly ready: Ready;
  readonly child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Whoever ends takes along what it started, however it ends short of SIGKILL: see `endWithSignals`. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Keeps `child` from outliving this process. */
export function dieTogether(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** For test programs: a SIGTERM or Ctrl-C ends by way of `exit`, which takes the children along. */
export function endWithSignals(): void {
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGINT', () => process.exit(130));
}

/** The end of a log, behind what is told of its process: the log may be gone when that is read. */
const lastWords = (logFile: string): string =>
  `\n${readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n')}`;

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
  dieTogether(child);
  if (log !== undefined) closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${script} was not ready in time`));
    }, options.timeoutMs ?? 20_000);
    child.once('exit', (code) => {
      const why = options.logFile === undefined ? '' : lastWords(options.logFile);
      reject(new Error(`${script} ended with status ${code} before it was ready${why}`));
    });
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
