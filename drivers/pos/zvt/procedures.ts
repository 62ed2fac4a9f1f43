import { encodeCommand, type StatusInfo, type TillCommand } from './codec/index.ts';
import type { Procedure } from './conversation.ts';
import type { ZvtSettings } from './settings.ts';

/** For what a terminal tells from memory. */
const MEMORY_MS = 15_000;
/** A terminal that does not take the log-off shall not delay the end of the program. */
const FAREWELL_MS = 1_000;
/** Two repetitions of a frame on a serial line. */
const TRIES = 3;

/** A command, in bytes, with its procedure. */
export interface Prepared {
  readonly apdu: Uint8Array;
  readonly procedure: Procedure;
}

const fresh = () => false;

/** The commands this driver sends, each with its procedure. Keeps the numbers that the terminal wants back. */
export class Procedures {
  readonly #settings: ZvtSettings;
  readonly #serial: boolean;
  /** TLV 1F73 of the command sent last; undefined: the terminal did not echo it. */
  #sequence: number | undefined;
  /** TLV 1F1F heard last; undefined: the terminal does not speak of it. */
  #receiptEcho: Uint8Array | undefined;

  constructor(settings: ZvtSettings, serial: boolean) {
    this.#settings = settings;
    this.#serial = serial;
  }

  /** Registration was answered; the terminal takes part in message sequence numbers when it echoed the offer. */
  registered(sequence: number | undefined): void {
    this.#sequence = this.#settings.offerSequence ? sequence : undefined;
  }

  /** A result told the receipt number that the next transaction command shall echo (pos.md 2). */
  heard(info: StatusInfo): void {
    if (info.receiptToEcho && info.receiptToEcho.length > 0) this.#receiptEcho = info.receiptToEcho;
  }

  registration(): Prepared {
    const { password, config, service, print, offerSequence } = this.#settings;
    return this.#harmless('registration', {
      command: 'registration',
      password,
      config,
      service,
      blocks: print === 'ecr',
      sequence: offerSequence ? 0 : undefined,
    });
  }

  status(): Prepared {
    return this.#harmless(
      'status',
      { command: 'status-enquiry', password: this.#settings.password },
      MEMORY_MS,
    );
  }

  payment(amountCents: number, stale: (info: StatusInfo) => boolean): Prepared {
    return this.#money(
      'payment',
      {
        command: 'authorisation',
        amountCents,
        paymentType: this.#settings.paymentType,
        receiptEcho: this.#receiptEcho,
        sequence: this.#nextSequence(),
      },
      stale,
    );
  }

  reversal(receipt: string): Prepared {
    return this.#money(
      'reversal',
      {
        command: 'reversal',
        password: this.#settings.password,
        receipt,
        receiptEcho: this.#receiptEcho,
        sequence: this.#nextSequence(),
      },
      fresh,
    );
  }

  /** The last receipt again, with its result. */
  last(): Prepared {
    const { password } = this.#settings;
    return this.#withResult('repeat-receipt', { command: 'repeat-receipt', password }, MEMORY_MS);
  }

  totals(): Prepared {
    return this.#withResult('totals', { command: 'totals', password: this.#settings.password }, MEMORY_MS);
  }

  /** Not repeated: a second one would find an empty day and hide the totals of the first. */
  endOfDay(): Prepared {
    const { password } = this.#settings;
    const prepared = this.#withResult('end-of-day', { command: 'end-of-day', password });
    return { ...prepared, procedure: { ...prepared.procedure, money: true } };
  }

  diagnosis(): Prepared {
    return this.#harmless('diagnosis', { command: 'diagnosis' });
  }

  logOff(): Prepared {
    const prepared = this.#harmless('log-off', { command: 'log-off' });
    return {
      ...prepared,
      procedure: {
        ...prepared.procedure,
        answerOnly: true,
        patience: { answer: FAREWELL_MS, completion: FAREWELL_MS },
      },
    };
  }

  #nextSequence(): number | undefined {
    if (this.#sequence !== undefined) this.#sequence = (this.#sequence + 1) % 1_000_000;
    return this.#sequence;
  }

  #harmless(name: string, command: TillCommand, completion = this.#settings.resultMs): Prepared {
    const { answerMs, ackMs } = this.#settings;
    return {
      apdu: encodeCommand(command),
      procedure: {
        name,
        money: false,
        takesResult: false,
        answerOnly: false,
        stale: fresh,
        patience: { answer: answerMs + (this.#serial ? TRIES * ackMs : 0), completion },
      },
    };
  }

  #withResult(name: string, command: TillCommand, completion = this.#settings.resultMs): Prepared {
    const prepared = this.#harmless(name, command, completion);
    return { ...prepared, procedure: { ...prepared.procedure, takesResult: true } };
  }

  #money(name: string, command: TillCommand, stale: (info: StatusInfo) => boolean): Prepared {
    const { answerMs, ackMs, resultMs } = this.#settings;
    return {
      apdu: encodeCommand(command),
      procedure: {
        name,
        money: true,
        takesResult: true,
        answerOnly: false,
        stale,
        patience: { answer: answerMs + (this.#serial ? ackMs : 0), completion: resultMs },
      },
    };
  }
}
