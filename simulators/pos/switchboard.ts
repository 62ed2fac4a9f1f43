import type { Card, NextOutcome, PosAction } from './actions.ts';

type Setting = Exclude<PosAction, { action: 'present-card' }>;

const defaultCard: Card = {
  type: 'credit',
  brand: 'MASTERCARD',
  maskedPan: '541275******4321',
  entry: 'CLI',
};

/** Status digit of a terminal that takes payments (pos.md 1.4). */
const OPERATIVE = 2;

/** What the panel has set: the outcome armed for the next operation, the conditions, the card. */
export class Switchboard {
  #next: NextOutcome = { action: 'approve' };
  #timesLeft = 0;
  silent = false;
  nakAll = false;
  /** Status digit of `s`. */
  status = OPERATIVE;
  olderOnG = false;
  split: 'each' | 'merge' | 'off' = 'off';
  holdCard = false;
  card: Card = defaultCard;

  set(action: Setting): void {
    switch (action.action) {
      case 'silent':
        this.silent = action.enabled;
        return;
      case 'nak-all':
        this.nakAll = action.enabled;
        return;
      case 'not-operative':
        this.status = action.status;
        return;
      case 'operative':
        this.status = OPERATIVE;
        return;
      case 'older-stan-on-g':
        this.olderOnG = action.enabled;
        return;
      case 'split-bytes':
        this.split = action.how;
        return;
      case 'hold-card':
        this.holdCard = action.enabled;
        return;
      case 'card': {
        const { type, brand, maskedPan, entry } = action;
        this.card = { type, brand, maskedPan, entry };
        return;
      }
      case 'reset':
        this.#reset();
        return;
      case 'approve':
      case 'cancel-at-terminal':
        this.#arm(action, 1);
        return;
      default:
        this.#arm(action, action.times);
    }
  }

  /** The outcome armed for this kind of operation; it is used up when its times are. */
  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome {
    const next = this.#next;
    const wanted = 'on' in next ? next.on : 'payment';
    if (wanted !== 'any' && wanted !== kind) return { action: 'approve' };
    if (this.#timesLeft > 0) {
      this.#timesLeft--;
      if (this.#timesLeft === 0) this.#next = { action: 'approve' };
    }
    return next;
  }

  state() {
    return {
      mode: this.#next.action,
      next: this.#next,
      conditions: {
        silent: this.silent,
        nakAll: this.nakAll,
        status: this.status,
        operative: this.status === OPERATIVE,
        olderStanOnG: this.olderOnG,
        splitBytes: this.split,
        holdCard: this.holdCard,
      },
      card: this.card,
    };
  }

  #arm(outcome: NextOutcome, times: number): void {
    this.#next = outcome;
    this.#timesLeft = times;
  }

  #reset(): void {
    this.#arm({ action: 'approve' }, 1);
    this.silent = false;
    this.nakAll = false;
    this.status = OPERATIVE;
    this.olderOnG = false;
    this.split = 'off';
    this.holdCard = false;
    this.card = defaultCard;
  }
}
