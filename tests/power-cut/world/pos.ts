import type { CardEvidence } from '@jolly/contracts/fleet-api';
import { type Cents, type ManualClock, sleep } from '@jolly/contracts/values';
import type { DeviceHealth } from '@jolly/drivers/health';
import type { CardTerminal, ChargeResult, LastTransaction, RecoveryVerdict } from '@jolly/drivers/pos';
import type { Power } from './power.ts';

export type CardMood =
  | 'approve'
  | 'decline'
  | 'cancel'
  | 'not-started'
  | 'lost-charged'
  | 'lost-not-charged'
  /** The driver gives up and says "not done", but the terminal did it. */
  | 'contradict';

export interface PosScript {
  card: CardMood;
  reversal: 'approve' | 'decline' | 'lost-done' | 'lost-not-done';
  reachable: boolean;
  undecidable: boolean;
}

interface Entry {
  kind: 'charge' | 'reversal';
  stan: string;
  amountCents: Cents;
  at: number;
}

/** A card terminal that goes on by itself when the kiosk dies: what it has begun, it ends. */
export class FakePos {
  readonly script: PosScript = { card: 'approve', reversal: 'approve', reachable: true, undecidable: false };
  readonly ledger: Entry[] = [];
  readonly #clock: ManualClock;
  #stan = 100;
  #last: LastTransaction = { found: 'none' };

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  #enter(kind: Entry['kind'], amountCents: Cents): CardEvidence {
    const stan = String(++this.#stan).padStart(6, '0');
    const at = this.#clock.now();
    this.ledger.push({ kind, stan, amountCents, at });
    const card: CardEvidence = {
      posTerminalId: '12345678',
      stan,
      authCode: kind === 'charge' ? 'A1B2C3' : '000000',
      maskedPan: '533317******5938',
      cardType: 'credit',
      chargedAt: at,
      amountCents,
    };
    this.#last = { found: 'approved', card, kind: kind === 'charge' ? 'payment' : 'reversal' };
    return card;
  }

  #decline(reason: string): string {
    const stan = String(++this.#stan).padStart(6, '0');
    this.#last = { found: 'declined', reason, stan };
    return stan;
  }

  terminal(power: Power): CardTerminal {
    const health = (): DeviceHealth => ({
      state: this.script.reachable ? 'ready' : 'unavailable',
      reasons: [],
      since: 0,
      counters: {},
    });
    const wait = (ms: number) => sleep(this.#clock, ms);
    return {
      uri: 'fake:',
      drivenBy: 'kiosk',
      terminalId: '12345678',
      health,
      onHealth: () => () => undefined,
      selfTest: () => Promise.resolve([]),
      close: () => Promise.resolve(),
      status: () =>
        power.across(async () => {
          await wait(1);
          return { operative: this.script.reachable, detail: this.script.reachable ? 'operative' : 'silent' };
        }),
      lastTransaction: () =>
        power.across(async () => {
          await wait(1);
          return this.script.reachable ? this.#last : { found: 'unreachable', reason: 'silent' };
        }),
      charge: (reference, events, { beforeMoney, signal }) =>
        power.across(async (): Promise<ChargeResult> => {
          await wait(2);
          if (!this.script.reachable || this.script.card === 'not-started') {
            return { outcome: 'not-started', reason: 'link-down' };
          }
          if (signal?.aborted) return { outcome: 'cancelled', reason: 'cancelled' };
          beforeMoney();
          // From here the terminal works by itself, kiosk or no kiosk.
          await wait(20);
          events.progress?.('INSERIRE CARTA');
          await wait(20);
          switch (this.script.card) {
            case 'approve': {
              const card = this.#enter('charge', reference.amountCents);
              events.receiptLine?.({ style: 'normal', text: 'ACQUISTO' });
              await wait(5);
              return { outcome: 'approved', card };
            }
            case 'decline':
              return { outcome: 'declined', reason: 'FONDI INSUFFICIENTI', stan: this.#decline('FONDI') };
            case 'cancel':
              return { outcome: 'cancelled', reason: 'cancelled' };
            case 'lost-charged':
              this.#enter('charge', reference.amountCents);
              await wait(5);
              return { outcome: 'uncertain', reason: 'link-lost' };
            case 'contradict':
              this.#enter('charge', reference.amountCents);
              return { outcome: 'cancelled', reason: 'timeout' };
            default:
              return { outcome: 'uncertain', reason: 'link-lost' };
          }
        }),
      recover: (reference) =>
        power.across(async (): Promise<RecoveryVerdict> => {
          await wait(5);
          if (!this.script.reachable) return { verdict: 'unreachable', reason: 'silent' };
          if (this.script.undecidable) return { verdict: 'undecidable', reason: 'ambiguous' };
          const last = this.#last;
          if (
            last.found === 'approved' &&
            last.kind !== 'reversal' &&
            last.card.stan !== reference.lastStan
          ) {
            return last.card.amountCents === reference.amountCents
              ? { verdict: 'charged', card: last.card }
              : { verdict: 'undecidable', reason: 'amount-differs' };
          }
          return { verdict: 'not-charged', reason: 'same-stan' };
        }),
      reverse: (card, _events, { beforeMoney }) =>
        power.across(async (): Promise<ChargeResult> => {
          await wait(2);
          if (!this.script.reachable) return { outcome: 'not-started', reason: 'link-down' };
          beforeMoney();
          await wait(20);
          switch (this.script.reversal) {
            case 'approve':
              return { outcome: 'approved', card: this.#enter('reversal', card.amountCents) };
            case 'lost-done':
              this.#enter('reversal', card.amountCents);
              return { outcome: 'uncertain', reason: 'link-lost' };
            case 'lost-not-done':
              return { outcome: 'uncertain', reason: 'link-lost' };
            default:
              return { outcome: 'declined', reason: 'STORNO NON POSSIBILE' };
          }
        }),
      totals: () => Promise.resolve({ posTotalCents: this.#total() }),
      closeSession: () => Promise.resolve({ posTotalCents: this.#total(), hostTotalCents: this.#total() }),
    };
  }

  #total(): number {
    return this.ledger.reduce(
      (sum, { kind, amountCents }) => sum + (kind === 'charge' ? amountCents : -amountCents),
      0,
    );
  }
}
