import type { Card, NexoAction, NextOutcome } from './actions.ts';

const defaultCard: Card = { brand: 'mc', maskedPan: '541275******4321', entry: 'Contactless' };
/** The status digit of the panel's switch that means "can take payments". */
const OPERATIVE = 2;

/** What the panel has set: the outcome armed for the next operation, the conditions, the card. */
export class Switchboard {
  #next: NextOutcome = { action: 'approve' };
  #timesLeft = 0;
  silent = false;
  busy = false;
  loggedOut = false;
  status = OPERATIVE;
  inProgress = 0;
  split = false;
  holdCard = false;
  card = defaultCard;

  get operative(): boolean {
    return this.status === OPERATIVE;
  }

  set(action: Exclude<NexoAction, { action: 'present-card' }>): void {
    switch (action.action) {
      case 'silent':
        this.silent = action.enabled;
        return;
      case 'busy':
        this.busy = action.enabled;
        return;
      case 'logged-out':
        this.loggedOut = true;
        return;
      case 'not-operative':
        this.status = action.status;
        return;
      case 'in-progress':
        this.inProgress = action.times;
        return;
      case 'split-bytes':
        this.split = action.how === 'each';
        return;
      case 'hold-card':
        this.holdCard = action.enabled;
        return;
      case 'card': {
        const { action: _, ...card } = action;
        this.card = card;
        return;
      }
      case 'reset':
        this.#arm({ action: 'approve' }, 1);
        this.silent = this.busy = this.loggedOut = this.split = this.holdCard = false;
        this.status = OPERATIVE;
        this.inProgress = 0;
        this.card = defaultCard;
        return;
      default:
        this.#arm(action, 'times' in action ? action.times : 1);
    }
  }

  /** The outcome armed for this kind of operation; it is used up when its times are. */
  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome {
    const next = this.#next;
    const wanted = 'on' in next ? next.on : 'payment';
    if (wanted !== 'any' && wanted !== kind) return { action: 'approve' };
    if (this.#timesLeft > 0 && --this.#timesLeft === 0) this.#next = { action: 'approve' };
    return next;
  }

  state() {
    return {
      mode: this.#next.action,
      next: this.#next,
      conditions: {
        silent: this.silent,
        busy: this.busy,
        loggedOut: this.loggedOut,
        status: this.status,
        inProgress: this.inProgress,
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
}
