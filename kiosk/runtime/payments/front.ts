import type { Money } from '@jolly/contracts/terminal-channel';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import type { CitizenPayment, PaymentCommand, PaymentScreen } from './port.ts';
import { hasPaper } from './readiness.ts';
import type { PaymentRun } from './run.ts';
import { interruptibleIn, moneyOf } from './screens.ts';

/** The payment as the citizen's session sees it; follows a fresh run when the token of the first ran short. */
export class FrontPayment implements CitizenPayment {
  readonly #printer: () => ReceiptPrinter;
  readonly #listeners = new Set<() => void>();
  #run: PaymentRun;

  constructor(run: PaymentRun, printer: () => ReceiptPrinter) {
    this.#run = run;
    this.#printer = printer;
  }

  get kioskPaymentId(): string {
    return this.#run.payment.id;
  }

  get screen(): PaymentScreen {
    return this.#run.screen;
  }

  get money(): Money {
    return moneyOf(this.#run.payment);
  }

  get interruptible(): boolean {
    return interruptibleIn(this.#run.payment.state);
  }

  /** Nobody stands before it any more. */
  get over(): boolean {
    return this.#run.payment.closed || this.#run.payment.gone !== undefined;
  }

  send(command: PaymentCommand): void {
    if (command.type === 'consent') this.#run.take({ ...command, paper: hasPaper(this.#printer()) });
    else this.#run.take(command);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  follow(run: PaymentRun): void {
    this.#run = run;
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
