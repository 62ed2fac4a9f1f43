import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoticeKey } from '@jolly/contracts/notice';
import { ManualClock, type RandomBytes } from '@jolly/contracts/values';
import type { PaperDocument } from '@jolly/drivers/printer';
import { type Journal, openJournal, readJournal } from '@jolly/kiosk-runtime/journal';
import { type CitizenPayment, openPaymentDesk, type PaymentDesk } from '@jolly/kiosk-runtime/payments';
import type { Evidence } from '../invariant.ts';
import { FakeFleet } from './fleet.ts';
import { FakePos } from './pos.ts';
import { Power, PowerCut } from './power.ts';
import { FakePrinter } from './printer.ts';
import type { PosBench } from './wire.ts';

export const NOTICE: NoticeKey = { noticeNumber: '300715700000000032', creditorTaxCode: '01199250158' };
export const ANOTHER_NOTICE: NoticeKey = { ...NOTICE, noticeNumber: '300715700000000133' };

/** Memory-backed where the system has it: the in-process cuts ask for the order of writes, not for the disk's speed. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Where the power is to go: at the n-th write of the journal, before or after it has reached the disk. */
export interface CutAt {
  readonly write: number;
  readonly side: 'before' | 'after';
}

export interface WorldOptions {
  /** A bench with another card terminal than the fake one: the real driver over a wire in memory. */
  readonly bench?: (clock: ManualClock, fleet: FakeFleet) => PosBench;
}

/** One street corner: clock, card terminal, printer, server; and a terminal that dies and comes back. */
export class World {
  readonly clock = new ManualClock();
  readonly fleet = new FakeFleet(this.clock);
  readonly pos = new FakePos(this.clock);
  readonly printer = new FakePrinter(this.clock);
  readonly #root = mkdtempSync(join(scratch, 'jolly-cut-'));
  readonly #bench: PosBench | undefined;
  #life = 0;
  #seed = 1;
  #journal: Journal | undefined;
  #cutAt: CutAt | undefined;
  power = new Power();
  doorOpen = false;
  writes = 0;
  lives = 0;
  desk: PaymentDesk | undefined;
  payment: CitizenPayment | undefined;

  constructor(options: WorldOptions = {}) {
    this.#bench = options.bench?.(this.clock, this.fleet);
  }

  get dir(): string {
    return join(this.#root, String(this.#life));
  }

  readonly #random: RandomBytes = (length) =>
    Uint8Array.from({ length }, () => {
      this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (this.#seed >> 16) & 0xff;
    });

  /** Power on: opens the journal as the disk has it, recovers. */
  async boot(cutAt?: CutAt): Promise<void> {
    this.lives++;
    this.#cutAt = cutAt;
    this.writes = 0;
    const power = new Power();
    this.power = power;
    const journal = openJournal(this.dir, { clock: this.clock, preallocateKiB: 0 });
    this.#journal = journal;
    const fleet = this.fleet.client(power);
    const desk = openPaymentDesk({
      journal: this.#guarded(journal, power),
      fleet,
      pos: this.#bench?.terminal(power, fleet) ?? this.pos.terminal(power),
      printer: this.printer.printer(power),
      clock: this.clock,
      random: this.#random,
      place: { terminalId: 'PO-09', city: 'Comune di Prova', site: 'Piazza', timeZone: 'Europe/Rome' },
      doorOpen: () => this.doorOpen,
      log: () => undefined,
    });
    this.desk = desk;
    power.whenCut(() => void desk.close());
    try {
      let ready = false;
      const recovered = desk.recover().then(() => {
        ready = true;
      });
      // A rejection is looked at below; this keeps it from being called unhandled meanwhile.
      recovered.catch(() => power.cut());
      await this.pass(60_000, () => ready);
      if (power.on) await recovered;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
  }

  /** The journal with the scissors at it: every write is a place to cut. */
  #guarded(journal: Journal, power: Power): Journal {
    const write = <T>(work: () => T): T => {
      if (!power.on) throw new PowerCut();
      const here = this.writes++ === this.#cutAt?.write;
      if (here && this.#cutAt?.side === 'before') {
        power.cut();
        throw new PowerCut();
      }
      const result = work();
      if (here) {
        power.cut();
        throw new PowerCut();
      }
      return result;
    };
    const guarded: Partial<Journal> = {
      append: (step) => write(() => journal.append(step)),
      note: (event, data) => write(() => journal.note(event, data)),
      queue: (letters) => write(() => journal.queue(letters)),
      settle: (id, refused) => write(() => journal.settle(id, refused)),
    };
    return new Proxy(journal, {
      get: (target, key) => {
        const own = guarded[key as keyof Journal];
        if (own) return own;
        const value = Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Lets time pass in small steps until `ms` are over, the power has gone or `done` says so. */
  async pass(ms: number, done: () => boolean = () => false, stepMs = 5): Promise<void> {
    const end = this.clock.now() + ms;
    do {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      if (!this.power.on || done()) return;
      try {
        this.clock.advance(stepMs);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
    } while (this.clock.now() < end);
  }

  /** After a cut: the disk as it was at that instant goes to a new life. The dead process never closes its files. */
  async reboot(cutAt?: CutAt): Promise<void> {
    this.power.cut();
    const left = this.dir;
    this.#life++;
    cpSync(left, this.dir, { recursive: true });
    this.#journal?.close();
    rmSync(left, { recursive: true, force: true });
    this.payment = undefined;
    // What the devices had begun they end by themselves, with nobody listening.
    for (let waited = 0; waited < 20; waited++) {
      this.clock.advance(10);
      await new Promise(setImmediate);
    }
    await this.boot(cutAt);
  }

  /** What every witness says. */
  evidence(): Evidence {
    const journal = readJournal(this.dir);
    const token = (slip: PaperDocument) =>
      slip.blocks.flatMap((block) =>
        block.block === 'pair' && /^[0a-f]*\d*$/.test(block.value) ? [block.value] : [],
      );
    const payments = journal.payments().map((stored) => {
      const data = stored.data as {
        notice: NoticeKey;
        lock?: { paymentToken: string; totalCents: number };
        charge?: { lastStan?: string };
        paper: { shown: boolean };
        gone?: string;
      } & Pick<Evidence['journal'][number], 'card' | 'reversal'>;
      return {
        id: stored.paymentId,
        noticeNumber: data.notice.noticeNumber,
        state: stored.state,
        closed: stored.closedAt !== undefined,
        ...(data.lock ? { paymentToken: data.lock.paymentToken, amountCents: data.lock.totalCents } : {}),
        ...(data.card ? { card: data.card } : {}),
        ...(data.reversal ? { reversal: data.reversal } : {}),
        ...(data.charge ? { announced: data.charge } : {}),
        given: data.paper.shown && data.gone !== 'restart',
      };
    });
    const shown = new Set(payments.filter(({ given }) => given).map(({ id }) => id));
    const records = [...this.fleet.records.values()];
    const evidence: Evidence = {
      pos: this.#bench?.memory.ledger ?? this.pos.ledger,
      node: records.flatMap(({ activation, state, notice }) =>
        activation
          ? [
              {
                paymentToken: activation.paymentToken,
                noticeNumber: notice.noticeNumber,
                state: state.startsWith('confirmed')
                  ? ('paid' as const)
                  : ['activated', 'outcome-stored'].includes(state) && activation.expiresAt > this.clock.now()
                    ? ('locked' as const)
                    : ('free' as const),
              },
            ]
          : [],
      ),
      journal: payments,
      chainWhole: journal.verifyChain().whole,
      items: this.fleet.items,
      pendingOutcomes: records.filter(({ state }) => state === 'outcome-stored').map(({ id }) => id),
      waitingLetters: journal.waiting().length,
      slips: this.printer.slips.map((slip) => {
        const paymentToken = token(slip).find((value) => value.length === 32);
        return { kind: slip.kind, ...(paymentToken ? { paymentToken } : {}) };
      }),
      links: records.filter(({ linked, id }) => linked && shown.has(id)).map(({ id }) => id),
    };
    journal.close();
    return evidence;
  }

  async close(): Promise<void> {
    await this.desk?.close();
    this.#journal?.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}
