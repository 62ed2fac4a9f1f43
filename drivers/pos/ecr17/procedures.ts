import type { EcrRequest, PosResponse } from './codec/index.ts';
import type { Patience, Procedure } from './conversation.ts';
import type { Ecr17Settings } from './settings.ts';

/** Time for an answer that the terminal gives from memory. */
const MEMORY_MS = 5_000;
/** How long an unconfirmed payment may still show a sign of life. */
const GRACE_MS = 10_000;

/** The commands this driver sends, each with its procedure. */
export interface Prepared {
  readonly request: EcrRequest;
  readonly procedure: Procedure;
}

const isCode =
  (...codes: readonly string[]) =>
  (response: PosResponse): boolean =>
    codes.includes(response.code);

/** Builds requests and procedures for one terminal. */
export class Procedures {
  readonly #settings: Ecr17Settings;
  readonly #patience: Patience;

  constructor(settings: Ecr17Settings) {
    this.#settings = settings;
    this.#patience = {
      ack: settings.ackMs,
      resend: 200,
      resends: 3,
      grace: Math.min(GRACE_MS, settings.resultMs),
      result: settings.resultMs,
      receiptSilence: 1_500,
    };
  }

  get #head() {
    return { terminalId: this.#settings.terminalId };
  }

  get #service() {
    return { ...this.#head, cashRegisterId: this.#settings.cashRegisterId, additionalData: false };
  }

  #plain(name: string, answeredBy: Procedure['answeredBy'], patience: Partial<Patience> = {}): Procedure {
    return {
      name,
      money: false,
      ackOnly: false,
      receipt: false,
      answeredBy,
      patience: { ...this.#patience, ...patience },
    };
  }

  status(resends = 3): Prepared {
    return {
      request: { code: 's', ...this.#head },
      procedure: this.#plain('status', isCode('s'), { result: MEMORY_MS, resends }),
    };
  }

  enablePrint(): Prepared {
    return {
      request: { code: 'E', ...this.#head, enabled: true },
      procedure: { ...this.#plain('enable-print', () => false), ackOnly: true },
    };
  }

  /** `X`: the payment whose answer carries the host's amount. `stale` tells an answer of an older transaction. */
  payment(
    amountCents: number,
    stale: (response: PosResponse, acknowledged: boolean) => boolean,
    receipt: boolean,
  ): Prepared {
    return {
      request: {
        code: 'X',
        ...this.#service,
        cardAlreadyPresent: false,
        paymentType: '0',
        amountCents,
        text: '',
      },
      procedure: {
        ...this.#plain(
          'payment',
          (response, acknowledged) => isCode('E', 'V')(response) && !stale(response, acknowledged),
        ),
        money: true,
        receipt,
      },
    };
  }

  reversal(
    stan: string,
    stale: (response: PosResponse, acknowledged: boolean) => boolean,
    receipt: boolean,
  ): Prepared {
    return {
      request: { code: 'S', ...this.#service, stan },
      procedure: {
        ...this.#plain(
          'reversal',
          (response, acknowledged) => isCode('E', 'V')(response) && !stale(response, acknowledged),
        ),
        money: true,
        receipt,
      },
    };
  }

  last(): Prepared {
    return {
      request: { code: 'G', ...this.#service },
      procedure: this.#plain('last-result', isCode('E', 'V', 'e', 'i', 'c', 'v'), { result: MEMORY_MS }),
    };
  }

  totals(): Prepared {
    return { request: { code: 'T', ...this.#service }, procedure: this.#plain('totals', isCode('T')) };
  }

  /** Not repeated either: a second close would find an empty session and hide the totals of the first. */
  close(receipt: boolean): Prepared {
    return {
      request: { code: 'C', ...this.#service },
      procedure: { ...this.#plain('close', isCode('C'), { resends: 0 }), receipt },
    };
  }
}
