import type { Notice } from './notices.ts';

export type PositionState = 'INSERTED' | 'PAYING' | 'PAID';

/** One time the node took a payment for a position. The money invariant says there is at most one for each. */
export interface Acquisition {
  readonly token: string;
  readonly psp: string;
  /** Epoch ms. */
  readonly at: number;
  readonly amountCents: number;
  /** Through an expired token (PPT_TOKEN_SCADUTO). */
  readonly late: boolean;
}

/** What paSendRT would carry to the creditor. */
export interface Receipt {
  readonly receiptId: string;
  readonly noticeNumber: string;
  readonly creditorReferenceId: string;
  readonly fiscalCode: string;
  readonly paymentAmountCents: number;
  readonly idPsp: string;
  readonly at: number;
}

export interface Position {
  readonly notice: Notice;
  state: PositionState;
  /** The token that holds the position while PAYING. */
  holder?: string | undefined;
  /** An activation waits for the creditor: nothing else may start. */
  pending: boolean;
  readonly acquisitions: Acquisition[];
}

export interface Token {
  readonly token: string;
  readonly noticeNumber: string;
  readonly creditorTaxCode: string;
  readonly psp: string;
  readonly amountCents: number;
  readonly expiresAt: number;
  status: 'alive' | 'expired' | 'acquired' | 'cancelled';
}

/** One outcome as it came in, and what it was told. */
export interface ReceivedOutcome {
  readonly at: number;
  readonly psp: string;
  readonly outcome: 'OK' | 'KO';
  readonly idempotencyKey?: string | undefined;
  /** `OK` or the fault code. */
  readonly answer: string;
  /** Answered from the idempotency record: nothing was done again. */
  readonly replayed: boolean;
}

export interface Snapshot {
  readonly positions: readonly Position[];
  readonly tokens: readonly Token[];
  readonly receipts: readonly Receipt[];
  readonly outcomes: Readonly<Record<string, readonly ReceivedOutcome[]>>;
}

const keyOf = (creditorTaxCode: string, noticeNumber: string) => `${creditorTaxCode}/${noticeNumber}`;

/** Positions, tokens and receipts: the node's books. Every change of state goes through here. */
export class Books {
  readonly #positions = new Map<string, Position>();
  readonly #tokens = new Map<string, Token>();
  readonly receipts: Receipt[] = [];
  readonly #outcomes = new Map<string, ReceivedOutcome[]>();

  add(notice: Notice): Position {
    const position: Position = { notice, state: 'INSERTED', pending: false, acquisitions: [] };
    this.#positions.set(keyOf(notice.creditorTaxCode, notice.noticeNumber), position);
    return position;
  }

  position(creditorTaxCode: string, noticeNumber: string): Position | undefined {
    return this.#positions.get(keyOf(creditorTaxCode, noticeNumber));
  }

  all(): readonly Position[] {
    return [...this.#positions.values()];
  }

  knowsCreditor(creditorTaxCode: string): boolean {
    return this.all().some(
      ({ notice }) => notice.creditorTaxCode === creditorTaxCode && notice.scenario !== 'creditor-unknown',
    );
  }

  token(token: string): Token | undefined {
    return this.#tokens.get(token);
  }

  tokens(): readonly Token[] {
    return [...this.#tokens.values()];
  }

  positionOf(token: Token): Position | undefined {
    return this.position(token.creditorTaxCode, token.noticeNumber);
  }

  /** INSERTED → PAYING. */
  hold(position: Position, token: Token): void {
    this.#tokens.set(token.token, token);
    position.state = 'PAYING';
    position.holder = token.token;
  }

  /** PAYING → INSERTED: an outcome KO (`cancelled`) or the expiry job (`expired`). */
  release(token: Token, status: 'cancelled' | 'expired'): void {
    token.status = status;
    const position = this.positionOf(token);
    if (position?.holder !== token.token) return;
    position.state = 'INSERTED';
    position.holder = undefined;
  }

  /** → PAID, and the receipt goes to the creditor. */
  acquire(position: Position, token: Token, at: number, late: boolean): void {
    token.status = 'acquired';
    position.state = 'PAID';
    position.holder = undefined;
    const { notice } = position;
    position.acquisitions.push({
      token: token.token,
      psp: token.psp,
      at,
      amountCents: token.amountCents,
      late,
    });
    this.receipts.push({
      receiptId: token.token,
      noticeNumber: notice.noticeNumber,
      creditorReferenceId: notice.noticeNumber.slice(notice.noticeNumber.startsWith('0') ? 3 : 1),
      fiscalCode: notice.creditorTaxCode,
      paymentAmountCents: token.amountCents,
      idPsp: token.psp,
      at,
    });
  }

  received(token: string, outcome: ReceivedOutcome): void {
    const list = this.#outcomes.get(token) ?? [];
    list.push(outcome);
    this.#outcomes.set(token, list);
  }

  outcomes(): Readonly<Record<string, readonly ReceivedOutcome[]>> {
    return Object.fromEntries(this.#outcomes);
  }

  clear(): void {
    this.#positions.clear();
    this.#tokens.clear();
    this.#outcomes.clear();
    this.receipts.length = 0;
  }

  snapshot(): Snapshot {
    return {
      positions: this.all(),
      tokens: this.tokens(),
      receipts: this.receipts,
      outcomes: this.outcomes(),
    };
  }

  restore(saved: Snapshot): void {
    this.clear();
    for (const position of saved.positions) {
      const { creditorTaxCode, noticeNumber } = position.notice;
      // Whoever was waiting for the creditor is gone with the process.
      this.#positions.set(keyOf(creditorTaxCode, noticeNumber), { ...position, pending: false });
    }
    for (const token of saved.tokens) this.#tokens.set(token.token, token);
    this.receipts.push(...saved.receipts);
    for (const [token, list] of Object.entries(saved.outcomes)) this.#outcomes.set(token, [...list]);
  }
}
