import type { Card, NextOutcome, ZvtAction } from './actions.ts';

type Setting = Exclude<ZvtAction, { action: 'present-card' }>;

const defaultCard: Card = {
  type: 'credit',
  brand: 'MASTERCARD',
  maskedPan: '************4321',
  entry: 'CLI',
};

const conditionsAtRest = {
  silent: false,
  /** Code of the refusal, or undefined. */
  refuseWith: undefined as number | undefined,
  noPaper: false,
  /** Status byte; 0 is ready. */
  status: 0,
  olderOnRepeat: false,
  noRepeat: false,
  tellAutoReversal: false,
  split: 'off' as 'each' | 'merge' | 'off',
  holdCard: false,
};

/** What the panel has set: the outcome armed for the next operation, the conditions, the card. */
export class Switchboard {
  #next: NextOutcome = { action: 'approve' };
  #timesLeft = 0;
  conditions = { ...conditionsAtRest };
  card: Card = defaultCard;

  set(action: Setting): void {
    const { conditions } = this;
    switch (action.action) {
      case 'silent':
        conditions.silent = action.enabled;
        return;
      case 'refuse-all':
        conditions.refuseWith = action.enabled ? action.code : undefined;
        return;
      case 'no-paper':
        conditions.noPaper = action.enabled;
        return;
      case 'not-operative':
        conditions.status = action.status;
        return;
      case 'operative':
        conditions.status = 0;
        return;
      case 'older-on-repeat':
        conditions.olderOnRepeat = action.enabled;
        return;
      case 'no-repeat':
        conditions.noRepeat = action.enabled;
        return;
      case 'tell-auto-reversal':
        conditions.tellAutoReversal = action.enabled;
        return;
      case 'split-bytes':
        conditions.split = action.how;
        return;
      case 'hold-card':
        conditions.holdCard = action.enabled;
        return;
      case 'card': {
        const { type, brand, maskedPan, entry } = action;
        this.card = { type, brand, maskedPan, entry };
        return;
      }
      case 'reset':
        this.#arm({ action: 'approve' }, 1);
        this.conditions = { ...conditionsAtRest };
        this.card = defaultCard;
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
      conditions: { ...this.conditions, operative: this.conditions.status === 0 },
      card: this.card,
    };
  }

  #arm(outcome: NextOutcome, times: number): void {
    this.#next = outcome;
    this.#timesLeft = times;
  }
}
