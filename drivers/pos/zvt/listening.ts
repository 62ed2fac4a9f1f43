import type { CardTerminalEvents } from '../port.ts';
import { awaitsCard, endsReceipt, intermediateWord, type PrintedLine } from './codec/index.ts';
import type { ProcedureListener } from './line.ts';

const PROGRESS_LENGTH = 20;
const LINE_LENGTH = 24;
const CENTRED = 0x40;

/** Asks the terminal to stop, once, when that is wished and as long as it waits for a card. */
export class Cancelling {
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  #awaitsCard = false;
  #asked = false;

  constructor(signal: AbortSignal | undefined, stop: () => void) {
    this.#signal = signal;
    this.#stop = stop;
    signal?.addEventListener('abort', this.#look);
  }

  /** The terminal said what it does now. */
  now(code: number): void {
    this.#awaitsCard = awaitsCard(code);
    this.#look();
  }

  end(): void {
    this.#signal?.removeEventListener('abort', this.#look);
  }

  readonly #look = (): void => {
    if (this.#asked || !this.#awaitsCard || !this.#signal?.aborted) return;
    this.#asked = true;
    this.#stop();
  };
}

const layOut = ({ attribute, text }: PrintedLine): string =>
  attribute === CENTRED && text.length < LINE_LENGTH
    ? ' '.repeat((LINE_LENGTH - text.length) >> 1) + text
    : text;

/**
 * What the citizen gets of a running transaction: the terminal's words, and the lines of the cardholder's receipt. The merchant's
 * copy and administration receipts are not the citizen's.
 */
export function listenerOf(events: CardTerminalEvents, cancelling: Cancelling): ProcedureListener {
  return {
    intermediate: (code, lines) => {
      cancelling.now(code);
      const words = lines.join(' ').trim() || intermediateWord(code);
      events.progress?.(words.slice(0, PROGRESS_LENGTH));
    },
    print: (receipt, lines) => {
      if (receipt === 'merchant' || receipt === 'administration') return;
      for (const line of lines) {
        if (endsReceipt(line) && line.text === '') continue;
        events.receiptLine?.({ style: 'normal', text: layOut(line) });
      }
    },
  };
}
