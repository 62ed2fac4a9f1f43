import {
  CommandAct,
  type CommandKind,
  type CommandReport,
  DISRUPTIVE,
  type EntryData,
  type SentCommand,
} from '@jolly/contracts/fleet-link';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Log } from '../devices/index.ts';
import type { CommandMemory, Remembered } from './memory.ts';
import type { CommandActs, CommandEnd, CommandOutcome } from './port.ts';

/** These come before those that wait: they disturb nobody, and undo what waits. */
const OVERTAKES: ReadonlySet<CommandKind> = new Set(['unlock', 'back-in-service', 'fetch-logs']);
/** What an overtaking one makes pointless. */
const UNDOES: Partial<Readonly<Record<CommandKind, CommandKind>>> = {
  unlock: 'lock',
  'back-in-service': 'out-of-service',
};
/** Doing these twice is worse than not at all: without a memory on the disk they are not begun. */
const ONCE: ReadonlySet<CommandKind> = new Set([
  'restart-app',
  'restart-host',
  'print-test-page',
  'rotate-key',
  'wipe',
]);
const MOST_WAITING = 40;
/** A computer that was told to restart and does not. */
const HOST_RESTART_MS = 5 * 60_000;

export interface CommandDeskOptions {
  readonly memory: CommandMemory;
  readonly acts: CommandActs;
  /** Somebody is being served, or a payment has no end yet. */
  readonly serving: () => boolean;
  /** Something of a payment is not with the server yet: only the key of this terminal can bring it there. */
  readonly moneyDue: () => boolean;
  /** Kept until the server has it. */
  readonly add: (entry: EntryData) => void;
  /** The run of the computer; undefined where it cannot be known. */
  readonly boot: string | undefined;
  /** Ends the process so that it is started again. */
  readonly restart: () => void;
  /** Removes everything, once no money is due, and ends the process; undefined: this terminal cannot. */
  readonly wipe: (() => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiting {
  readonly id: string;
  readonly act: CommandAct;
  /** On this terminal's clock. */
  readonly until: number;
  told: boolean;
}

/**
 * Does what comes from afar: each id once for ever, one at a time in the order in which they came, and what would disturb only when
 * nobody is served. Every one that was taken ends in a state that the server hears of.
 */
export class CommandDesk {
  readonly #options: CommandDeskOptions;
  readonly #queue: Waiting[] = [];
  #running = false;
  #leaving = false;
  #closed = false;
  #cancelExpiry: (() => void) | undefined;
  #cancelLeaving: (() => void) | undefined;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
    for (const each of options.memory.begun) this.#resume(each);
  }

  /** `until`: on this terminal's clock. */
  receive({ commandId: id, act: sent }: SentCommand, until: number | undefined): void {
    const { memory, clock, log } = this.#options;
    if (this.#closed) return;
    const known = memory.get(id);
    if (known) {
      log('command-again', { kind: known.kind, state: known.state });
      // its report may have been lost: the same word again, never the act
      this.#report(id, known);
    }
    if (known || this.#queue.some((waiting) => waiting.id === id)) return;
    const now = clock.now();
    const act = CommandAct.safeParse(sent);
    const end = (state: 'refused' | 'expired', reason: string) =>
      this.#end({ id, kind: sent.kind, until: until ?? now }, { state, reason });
    if (!act.success) end('refused', 'unknown-command');
    else if (until === undefined) end('refused', 'no-expiry');
    else if (until <= now) end('expired', 'too-late');
    else if (memory.full || this.#queue.length >= MOST_WAITING) {
      log('commands-full');
      this.#report(id, { state: 'refused', reason: 'too-many' });
    } else {
      this.#queue.push({ id, act: act.data, until, told: false });
      this.#look();
    }
  }

  /** Somebody came or went, a payment began or ended. */
  changed(): void {
    this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#cancelExpiry?.();
    this.#cancelLeaving?.();
  }

  #look(): void {
    if (this.#closed || this.#leaving) return;
    this.#expire();
    this.#next();
    for (const each of this.#queue) {
      if (each.told || !this.#mustWait(each)) continue;
      each.told = true;
      this.#report(each.id, { state: 'waiting' });
    }
    this.#expireLater();
  }

  #mustWait({ act: { kind } }: Waiting): boolean {
    const { serving, moneyDue } = this.#options;
    return (DISRUPTIVE.has(kind) && serving()) || (kind === 'wipe' && moneyDue());
  }

  #next(): void {
    if (this.#running) return;
    const overtaking = this.#queue.find(({ act }) => OVERTAKES.has(act.kind));
    const head = overtaking ?? this.#queue[0];
    if (!head || this.#mustWait(head)) return;
    this.#running = true;
    const undone = UNDOES[head.act.kind];
    const before = this.#queue.splice(0, this.#queue.indexOf(head) + 1).filter((each) => each !== head);
    this.#queue.unshift(...before.filter(({ act }) => act.kind !== undone));
    for (const each of before.filter(({ act }) => act.kind === undone)) {
      this.#end(remembered(each), { state: 'refused', reason: 'superseded' });
    }
    this.#run(head).finally(() => {
      this.#running = false;
      this.#look();
    });
  }

  async #run(waiting: Waiting): Promise<void> {
    const { memory, clock, boot, log } = this.#options;
    const { id, act } = waiting;
    const begun = { ...remembered(waiting), ...(boot === undefined ? {} : { boot }) };
    const kept = memory.keep({ ...begun, state: 'running' }, clock.now());
    if (!kept && ONCE.has(act.kind)) {
      this.#end(begun, { state: 'failed', reason: 'memory-unwritable' });
      return;
    }
    log('command-begun', { kind: act.kind });
    this.#report(id, { state: 'running' });
    const outcome = await this.#do(act, id);
    if (!('leaves' in outcome)) this.#end(begun, outcome);
    else if (outcome.leaves === 'wipe') await this.#wipe(begun);
    else this.#leave(begun);
  }

  async #do(act: CommandAct, id: string): Promise<CommandOutcome> {
    // one function for each kind, so that the act fits its own: the compiler cannot follow the pair
    const run = this.#options.acts[act.kind] as (act: CommandAct, id: string) => Promise<CommandOutcome>;
    try {
      return await run(act, id);
    } catch (error) {
      const reason = wordOf(error);
      this.#options.log('command-failed', { kind: act.kind, why: reason });
      return { state: 'failed', reason };
    }
  }

  /** The end is told by the next start; where none comes, here. */
  #leave(begun: Omit<Remembered, 'state'>): void {
    this.#leaving = true;
    const stays = (): void => {
      this.#leaving = false;
      this.#end(begun, { state: 'failed', reason: 'not-restarted' });
      this.#look();
    };
    this.#cancelLeaving = this.#options.clock.after(HOST_RESTART_MS, stays);
    if (begun.kind === 'restart-app') this.#options.restart();
  }

  async #wipe(begun: Omit<Remembered, 'state'>): Promise<void> {
    const { wipe, log } = this.#options;
    if (!wipe) {
      this.#end(begun, { state: 'refused', reason: 'not-supported' });
      return;
    }
    this.#leaving = true;
    // said before the key that proves it goes; that it was begun is on the disk, and a power cut only puts it off
    this.#report(begun.id, { state: 'done' });
    try {
      await wipe();
    } catch (error) {
      this.#leaving = false;
      log('wipe-failed', { why: wordOf(error) });
    }
  }

  /** What a start finds begun: a restart has just happened, a wipe goes on, anything else was cut. */
  #resume(found: Remembered): void {
    const { boot } = this.#options;
    if (found.kind === 'wipe') {
      this.#wipe(found).catch((error: unknown) => this.#options.log('wipe-failed', { why: wordOf(error) }));
    } else if (found.kind === 'restart-app') {
      this.#end(found, { state: 'done' });
    } else if (found.kind === 'restart-host') {
      const same = boot !== undefined && found.boot === boot;
      this.#end(found, same ? { state: 'failed', reason: 'not-restarted' } : { state: 'done' });
    } else this.#end(found, { state: 'failed', reason: 'interrupted' });
  }

  #expire(): void {
    const now = this.#options.clock.now();
    for (const each of this.#queue.filter(({ until }) => until <= now)) {
      this.#queue.splice(this.#queue.indexOf(each), 1);
      const due = each.act.kind === 'wipe' && this.#options.moneyDue();
      const reason = due ? 'payments-open' : each.told ? 'citizen-in-session' : 'too-late';
      this.#end(remembered(each), { state: 'expired', reason });
    }
  }

  #expireLater(): void {
    this.#cancelExpiry?.();
    const { clock } = this.#options;
    const first = Math.min(...this.#queue.map(({ until }) => until));
    this.#cancelExpiry = Number.isFinite(first)
      ? clock.after(Math.max(0, first - clock.now()), () => this.#look())
      : undefined;
  }

  #end(
    { id, kind, until, boot }: Omit<Remembered, 'state' | 'reason'>,
    { state, reason, steps }: CommandEnd | { state: 'expired'; reason: string; steps?: undefined },
  ): void {
    const { memory, clock, log } = this.#options;
    const end = { state, ...(reason === undefined ? {} : { reason }) };
    memory.keep({ id, kind, until, ...(boot === undefined ? {} : { boot }), ...end }, clock.now());
    log('command-ended', { kind, ...end });
    this.#report(id, { ...end, ...(steps === undefined ? {} : { steps }) });
  }

  #report(commandId: string, { state, reason, steps }: Omit<CommandReport, 'commandId'>): void {
    this.#options.add({
      kind: 'command',
      commandId,
      state,
      ...(reason === undefined ? {} : { reason }),
      ...(steps === undefined ? {} : { steps }),
    });
  }
}

const remembered = ({ id, act, until }: Waiting): Omit<Remembered, 'state'> => ({
  id,
  kind: act.kind,
  until,
});

/** The error in one word, without what it was about. */
function wordOf(error: unknown): string {
  const text = isJollyError(error) ? error.code : error instanceof Error ? error.name : 'unknown';
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60);
}
