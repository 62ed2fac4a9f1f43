import type { Clock } from '@jolly/contracts/values';
import type { PrintResult } from '../port.ts';
import {
  command,
  decodeAsb,
  decodePrinterStatus,
  type PrinterProfile,
  type PrinterReply,
} from './codec/index.ts';
import { blockedBy, type Condition } from './condition.ts';
import { inspect, STATUS_MS } from './inspect.ts';
import type { PrinterLine } from './line.ts';

/** While the printer works it is asked this often whether it still does. */
const WATCH_MS = 500;

export interface Job {
  readonly line: PrinterLine;
  readonly profile: PrinterProfile;
  readonly clock: Clock;
  /** The slip with its cut and delivery. */
  readonly bytes: Uint8Array;
  readonly answerMs: number;
  /** The printer did not say that it dropped the rest of a stopped job: it may come out when it is put right. */
  readonly onUncleared: () => void;
}

export interface JobEnd {
  readonly result: PrintResult;
  /** What is known afterwards; undefined when the link is gone. */
  readonly condition: Condition | undefined;
}

/**
 * One slip on an open line: looks first, sends, then waits for the reply to the question sent last (GS r, executed in
 * order) with no offline in between. Only that is `printed` (printing.md 1.1).
 */
export async function printJob(job: Job): Promise<JobEnd> {
  const { line, profile } = job;
  let before = await inspect(line, profile);
  if (before && (before.cutter || before.otherError)) {
    await line.write(command.recover);
    before = await inspect(line, profile);
  }
  if (!before) return { result: { result: 'failed', reason: 'link' }, condition: undefined };
  const blocked = blockedBy(before);
  if (blocked) return { result: { result: 'failed', reason: blocked }, condition: before };

  const watch = new Watch(job);
  const written = await line.write([
    ...(profile.automaticStatus ? command.automaticStatus : []),
    ...job.bytes,
    ...command.paperSensor,
  ]);
  if (written === 'nothing-sent')
    return { result: { result: 'failed', reason: 'link' }, condition: undefined };
  const word = written === 'lost' ? 'lost' : await watch.word();
  await line.settle(STATUS_MS);
  if (word === 'lost') return { result: { result: 'unknown', reason: 'link-lost' }, condition: undefined };
  if (word === 'offline') return stopped(job);
  const after = await inspect(line, profile);
  if (word === 'silent') return { result: { result: 'unknown', reason: 'no-answer' }, condition: after };
  return { result: { result: 'printed' }, condition: after };
}

type Word = 'printed' | 'offline' | 'silent' | 'lost';

/** Listens from before the first byte is sent, so that no answer can come too early. */
class Watch {
  readonly #job: Job;
  readonly #first: Promise<Word | undefined>;
  readonly #endsAt: number;

  constructor(job: Job) {
    this.#job = job;
    this.#endsAt = job.clock.monotonic() + job.answerMs;
    this.#first = job.line.expect(Math.min(WATCH_MS, job.answerMs), wordOf);
  }

  async word(): Promise<Word> {
    let word = await this.#first;
    const { line, clock } = this.#job;
    while (word === undefined) {
      if (!line.isOpen) return 'lost';
      const left = this.#endsAt - clock.monotonic();
      if (left <= 0) return 'silent';
      // Real-time status beside the automatic one: some printers have none, and a printer that is gone says nothing.
      const answer = line.expect(Math.min(WATCH_MS, left), wordOf);
      const asked = await line.poke();
      word = await answer;
      if (asked === 'lost') return 'lost';
    }
    return word;
  }
}

function wordOf(reply: PrinterReply): Word | undefined {
  if (reply.reply === 'status') return 'printed';
  if (reply.reply === 'asb' && decodeAsb(reply.bytes).offline) return 'offline';
  if (reply.reply === 'dle-eot' && decodePrinterStatus(reply.byte).offline) return 'offline';
  return undefined;
}

/** The printer stopped in the middle: find the cause, and make it forget the rest. */
async function stopped(job: Job): Promise<JobEnd> {
  const { line, profile } = job;
  const condition = await inspect(line, profile);
  if (!condition) return { result: { result: 'unknown', reason: 'link-lost' }, condition: undefined };
  const reason = blockedBy(condition) ?? 'offline';
  if (condition.cutter || condition.otherError) await line.write(command.recover);
  let cleared = false;
  if (profile.clearsBuffer) {
    const answer = line.expect(STATUS_MS / 2, (reply) =>
      reply.reply === 'block' && reply.header === 0x37 ? true : undefined,
    );
    await line.write(command.clearBuffer);
    cleared = (await answer) === true;
  }
  if (!cleared) job.onUncleared();
  const after = (await inspect(line, profile)) ?? condition;
  return { result: { result: 'failed', reason }, condition: after };
}
