import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { wipe } from '@jolly/contracts/values';
import { cardError } from '../../errors.ts';
import { FrameReader } from '../frames-codec.ts';
import { pcscFailure } from './failures.ts';
import {
  decodeReport,
  encodeOrder,
  LONGEST_MESSAGE,
  type Order,
  type Report,
  wipeMessage,
} from './messages-codec.ts';

/** A running PC/SC process, as the stack needs it. `channel` is its descriptor 3. */
export interface LaunchedWorker {
  readonly pid: number | undefined;
  readonly channel: Duplex;
  kill(): void;
  onExit(listener: () => void): void;
}
export type LaunchWorker = () => LaunchedWorker;

/** Node (or Electron as Node) on the sources; its standard error is ours. */
export const launchWorker: LaunchWorker = () => {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  );
  let gone = false;
  const listeners: (() => void)[] = [];
  const finish = () => {
    if (gone) return;
    gone = true;
    for (const listener of listeners) listener();
  };
  child.once('exit', finish);
  child.once('error', finish);
  return {
    pid: child.pid,
    channel: child.stdio[3] as Duplex,
    kill: () => void child.kill('SIGKILL'),
    onExit: (listener) => void listeners.push(listener),
  };
};

type ReportAbout<Kind extends Report['kind']> = Extract<Report, { readonly kind: Kind }>;
type Reply = ReportAbout<'opened' | 'answer' | 'released'>;

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** One life of the PC/SC process: orders out, reports in, every buffer wiped behind its use. */
export class PcscProcess {
  readonly #worker: LaunchedWorker;
  readonly #frames = new FrameReader(4, LONGEST_MESSAGE);
  readonly #waiting = new Map<number, Waiting>();
  readonly #onReport: (report: ReportAbout<'readers' | 'trouble'>) => void;
  #number = 0;
  #over = false;

  constructor(
    launch: LaunchWorker,
    events: { report(report: ReportAbout<'readers' | 'trouble'>): void; over(): void },
  ) {
    this.#onReport = events.report;
    this.#worker = launch();
    const { channel } = this.#worker;
    channel.on('data', (bytes: Buffer) => this.#take(bytes));
    // An error here is always followed by the exit, which is acted upon.
    channel.on('error', () => this.kill());
    this.#worker.onExit(() => {
      this.#over = true;
      this.#frames.wipe();
      for (const { reject } of this.#waiting.values()) reject(cardError('READER_LOST', { why: 'stack' }));
      this.#waiting.clear();
      channel.destroy();
      events.over();
    });
  }

  get pid(): number | undefined {
    return this.#worker.pid;
  }

  async open(readerName: string): Promise<ReportAbout<'opened'>['protocol']> {
    const reply = await this.#order('open', new TextEncoder().encode(readerName));
    return reply.kind === 'opened' ? reply.protocol : this.#outOfTune();
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const reply = await this.#order('transmit', apdu);
    return reply.kind === 'answer' ? reply.bytes : this.#outOfTune();
  }

  async release(): Promise<void> {
    await this.#order('release', new Uint8Array(0));
  }

  /** It ends by itself when its pipe closes; whatever it holds is reset by pcscd. */
  kill(): void {
    this.#worker.kill();
  }

  #outOfTune(): never {
    this.kill();
    throw cardError('READER_LOST', { why: 'stack' });
  }

  #order(kind: Order['kind'], bytes: Uint8Array): Promise<Reply> {
    if (this.#over) return Promise.reject(cardError('READER_LOST', { why: 'stack' }));
    this.#number = (this.#number + 1) % 0xffff_ffff;
    const number = this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      const frame = encodeOrder({ kind, number, bytes });
      this.#worker.channel.write(frame, () => wipe(frame));
    });
  }

  #take(bytes: Buffer): void {
    const fault = this.#frames.push(bytes, (body) => this.#report(decodeReport(body)));
    wipe(bytes);
    if (fault !== undefined) this.kill();
  }

  #report(report: Report | undefined): void {
    if (report === undefined) {
      this.kill();
      return;
    }
    if (report.kind === 'readers' || report.kind === 'trouble') {
      this.#onReport(report);
      return;
    }
    const waiting = this.#waiting.get(report.number);
    this.#waiting.delete(report.number);
    if (!waiting) wipeMessage(report);
    else if (report.kind === 'failed') waiting.reject(pcscFailure(report.word));
    else waiting.resolve(report);
  }
}
