import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dieTogether } from '@jolly/simulators/process';

const MAIN = join(import.meta.dirname, '..', '..', 'fleet-server', 'main.ts');
const START_MS = 30_000;

/** `node fleet-server/main.ts` on files of its own, to be killed and started again. */
export class ServerProcess {
  readonly name: string;
  readonly #config: string;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #port: number | undefined;

  constructor(folder: string, name: string, config: object) {
    this.name = name;
    this.#config = join(folder, `${name}.json`);
    this.#log = join(folder, `${name}.log`);
    writeFileSync(this.#config, JSON.stringify(config), { mode: 0o600 });
  }

  /** Its own, without the wire; undefined while it is not running. */
  get address(): string | undefined {
    return this.#port === undefined ? undefined : `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<number> {
    const log = openSync(this.#log, 'a', 0o600);
    const child = dieTogether(
      spawn(process.execPath, [MAIN, '--config', this.#config], {
        stdio: ['ignore', 'pipe', log],
      }),
    );
    closeSync(log);
    this.#child = child;
    if (!child.stdout) throw new Error('no standard output');
    const lines = createInterface({ input: child.stdout });
    const { promise: said, resolve, reject } = Promise.withResolvers<number>();
    const late = setTimeout(() => reject(new Error('nothing said in time')), START_MS);
    lines.on('line', (line) => {
      const ready = JSON.parse(line) as { ready?: boolean; url?: string };
      if (ready.ready && ready.url) resolve(Number(new URL(ready.url).port));
    });
    child.once('exit', (code) => reject(new Error(`${this.name} ended with ${code}`)));
    try {
      this.#port = await said;
      return this.#port;
    } catch (error) {
      throw new Error(`${this.name} does not start: ${this.lastLines()}`, { cause: error });
    } finally {
      // its files may be gone when the time is up
      clearTimeout(late);
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  lastLines(): string {
    return readFileSync(this.#log, 'utf8').split('\n').slice(-6).join('\n');
  }

  /** Lines of the log at a level, counted by what they say. */
  complaints(least = 50): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const line of readFileSync(this.#log, 'utf8').split('\n')) {
      if (!line.startsWith('{')) continue;
      const { level, msg } = JSON.parse(line) as { level?: number; msg?: string };
      if ((level ?? 0) >= least) counts.set(msg ?? '', (counts.get(msg ?? '') ?? 0) + 1);
    }
    return counts;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    this.#port = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
