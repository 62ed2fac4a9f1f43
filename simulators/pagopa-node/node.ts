import { type Clock, type RandomBytes, sleep } from '@jolly/contracts/values';
import { activated, type Operation, outcomeTaken, refusal, verified } from './answers.ts';
import { callerFault, otherPsp } from './configuration.ts';
import { creditorFault, type Fault, fault } from './faults.ts';
import { IdempotencyRecords, type KeyRecord, keyName } from './idempotency.ts';
import { type Notice, seededNotices } from './notices.ts';
import { Books, type Position, type Snapshot, type Token } from './positions.ts';
import { type NodeRequest, readRequest } from './requests.ts';
import { soapFault } from './xml/writer.ts';

export interface NodeSettings {
  /** Default and longest life of a token, ms. */
  tokenMs: number;
  /** Default life of an idempotency key, ms. */
  idempotencyMs: number;
  /** `false` = the platform's key feature is switched off. */
  idempotency: boolean;
  /** How long the node waits for a silent creditor, ms (30 s on the real one). */
  creditorTimeoutMs: number;
  /** Whether the channel gets the creditor's codes in fields of their own. */
  extendedFaults: boolean;
  /** Fee for the citizen that activation suggests, cents; 0 = none. */
  suggestedFeeCents: number;
}

export const defaultSettings: NodeSettings = {
  tokenMs: 1_800_000,
  idempotencyMs: 1_800_000,
  idempotency: true,
  creditorTimeoutMs: 4_000,
  extendedFaults: true,
  suggestedFeeCents: 0,
};

export interface NodeState extends Snapshot {
  readonly keys: readonly (readonly [string, KeyRecord])[];
  readonly offsetMs: number;
}

export interface NodeReply {
  readonly status: 200 | 500;
  readonly xml: string;
}

/** `OK` or the fault code, with the message that says it. */
interface Answer {
  readonly verdict: string;
  readonly xml: string;
  /** Token handed out, and when it ends. */
  readonly opened?: Token | undefined;
  readonly fault?: Fault | undefined;
}

/** The node of pagoPA as a PSP sees it: rules of pagopa.md 3.6 to 3.8. */
export class PagopaNode {
  readonly books = new Books();
  readonly settings: NodeSettings;
  readonly #clock: Clock;
  readonly #random: RandomBytes;
  readonly #keys = new IdempotencyRecords();
  readonly #running = new Map<string, { readonly wording: string; readonly answer: Promise<Answer> }>();
  #offsetMs = 0;

  constructor(clock: Clock, random: RandomBytes, settings: Partial<NodeSettings> = {}) {
    this.#clock = clock;
    this.#random = random;
    this.settings = { ...defaultSettings, ...settings };
    this.reset();
  }

  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  set offsetMs(offset: number) {
    this.#offsetMs = offset;
  }

  /** The seeded notices again, nothing paid but the one that must be. */
  reset(): void {
    this.#offsetMs = 0;
    this.books.clear();
    this.#keys.clear();
    for (const notice of seededNotices(this.now())) this.addNotice(notice);
  }

  addNotice(notice: Notice): Position {
    const position = this.books.add(notice);
    if (notice.scenario === 'paid') this.#pay(position, otherPsp);
    if (notice.scenario === 'in-progress') {
      this.books.hold(position, this.#token(position, otherPsp, Number.MAX_SAFE_INTEGER));
    }
    return position;
  }

  /** The periodic job: only now do the tokens past their instant end (pagopa.md 3.7). Gives how many. */
  expireJob(): number {
    const due = this.books
      .tokens()
      .filter(({ status, expiresAt }) => status === 'alive' && expiresAt <= this.now());
    for (const token of due) this.books.release(token, 'expired');
    return due.length;
  }

  /** Another PSP pays it first; a token of ours that held it is expired. `false` when it is paid already. */
  payElsewhere(position: Position): boolean {
    if (position.state === 'PAID') return false;
    const holder = position.holder === undefined ? undefined : this.books.token(position.holder);
    if (holder) this.books.release(holder, 'expired');
    this.#pay(position, otherPsp);
    return true;
  }

  async handle(bytes: Uint8Array, soapAction: string | undefined): Promise<NodeReply> {
    const read = readRequest(bytes, soapAction);
    if (!read.ok) {
      if (!read.operation) return { status: 500, xml: soapFault(read.reason) };
      // Not recorded under its key: a corrected call may use it (ACT_5_1).
      return { status: 200, xml: this.#refuse(read.operation, fault(read.code, read.reason)).xml };
    }
    const { answer, replayed } = await this.#answerOnce(read.request);
    if (read.request.operation === 'outcome') this.#noteOutcome(read.request, answer.verdict, replayed);
    return { status: 200, xml: answer.xml };
  }

  /** A call through another face of the platform: the same rules, without the XML. */
  async ask(
    request: NodeRequest,
  ): Promise<{ readonly fault?: Fault | undefined; readonly token?: Token | undefined }> {
    const { answer, replayed } = await this.#answerOnce(request);
    if (request.operation === 'outcome') this.#noteOutcome(request, answer.verdict, replayed);
    return { fault: answer.fault, token: answer.opened };
  }

  snapshot(): NodeState {
    return { ...this.books.snapshot(), keys: this.#keys.snapshot(), offsetMs: this.#offsetMs };
  }

  restore(state: NodeState): void {
    this.books.restore(state);
    this.#keys.restore(state.keys);
    this.#offsetMs = state.offsetMs;
  }

  /** The idempotency table of pagopa.md 3.6. */
  async #answerOnce(request: NodeRequest): Promise<{ answer: Answer; replayed: boolean }> {
    const { operation, idempotencyKey, wording } = request;
    if (idempotencyKey === undefined || operation === 'verify' || !this.settings.idempotency) {
      return { answer: await this.#do(request), replayed: false };
    }
    const name = keyName(operation, request.caller.idPsp, idempotencyKey);
    const changed = () => this.#refuse(operation, fault('PPT_ERRORE_IDEMPOTENZA'));
    const running = this.#running.get(name);
    if (running) {
      const same = running.wording === wording;
      return { answer: same ? await running.answer : changed(), replayed: same };
    }
    const known = this.#keys.look(name, wording, this.now());
    if (known.found === 'different') return { answer: changed(), replayed: false };
    if (known.found === 'same') {
      const { verdict, answer: xml, fault: refused, token } = known.record;
      const opened = token === undefined ? undefined : this.books.token(token);
      return { answer: { verdict, xml, fault: refused, opened }, replayed: true };
    }
    const work = this.#do(request);
    this.#running.set(name, { wording, answer: work });
    try {
      const answer = await work;
      const life = this.now() + this.settings.idempotencyMs;
      this.#keys.keep(name, {
        request: wording,
        answer: answer.xml,
        verdict: answer.verdict,
        fault: answer.fault,
        expiresAt: Math.min(life, answer.opened?.expiresAt ?? life),
        token: answer.opened?.token,
      });
      return { answer, replayed: false };
    } finally {
      this.#running.delete(name);
    }
  }

  async #do(request: NodeRequest): Promise<Answer> {
    const wrong = callerFault(request.caller, request.operation !== 'outcome');
    if (wrong) return this.#refuse(request.operation, wrong);
    return request.operation === 'outcome'
      ? this.#outcome(request)
      : this.#notice(request, request.operation);
  }

  async #notice(request: NodeRequest, operation: 'verify' | 'activate'): Promise<Answer> {
    const creditor = request.field('qrCode', 'fiscalCode') ?? '';
    const number = request.field('qrCode', 'noticeNumber') ?? '';
    if (!this.books.knowsCreditor(creditor)) return this.#refuse(operation, fault('PPT_DOMINIO_SCONOSCIUTO'));
    if (number > '4') return this.#refuse(operation, fault('PPT_STAZIONE_INT_PA_SCONOSCIUTA'));
    const asked = request.field('expirationTime');
    if (asked !== undefined && Number(asked) > this.settings.tokenMs) {
      const limit = `expirationTime deve essere <= ${this.settings.tokenMs}`;
      return this.#refuse(operation, fault('PPT_AUTORIZZAZIONE', limit));
    }
    const position = this.books.position(creditor, number);
    const blocked = position && blockedBy(position);
    if (blocked) return this.#refuse(operation, blocked);
    if (!position) return this.#refuse(operation, unknownNotice);
    const refused = await this.#askCreditor(position, operation);
    if (refused) return this.#refuse(operation, refused);
    if (operation === 'verify') return { verdict: 'OK', xml: verified(position.notice) };

    const life = asked === undefined ? this.settings.tokenMs : Number(asked);
    const token = this.#token(position, request.caller.idPsp, this.now() + life);
    this.books.hold(position, token);
    return {
      verdict: 'OK',
      xml: activated(position.notice, token, this.settings.suggestedFeeCents),
      opened: token,
    };
  }

  async #askCreditor(position: Position, operation: Operation): Promise<Fault | undefined> {
    const activating = operation === 'activate';
    switch (position.notice.scenario) {
      case 'expired':
        return creditorFault(
          'PAA_PAGAMENTO_SCADUTO',
          "Pagamento in attesa risulta scaduto all'Ente Creditore.",
        );
      case 'revoked':
        return creditorFault(
          'PAA_PAGAMENTO_ANNULLATO',
          "Pagamento in attesa risulta annullato all'Ente Creditore.",
        );
      case 'unknown':
        return unknownNotice;
      case 'glitch':
        return fault('PPT_CANALE_DISABILITATO');
      case 'stamp-refused':
        return activating ? fault('PPT_SEMANTICA', 'Pagamento non attivabile') : undefined;
      case 'creditor-malformed':
        return fault('PPT_STAZIONE_INT_PA_ERRORE_RESPONSE');
      case 'creditor-silent':
        position.pending = activating;
        await sleep(this.#clock, this.settings.creditorTimeoutMs);
        position.pending = false;
        return fault('PPT_STAZIONE_INT_PA_TIMEOUT');
      default:
        return undefined;
    }
  }

  /** The outcome columns of pagopa.md 3.8, the late ones three ways. */
  #outcome(request: NodeRequest): Answer {
    const refuse = (code: string, description?: string) => this.#refuse('outcome', fault(code, description));
    const taken: Answer = { verdict: 'OK', xml: outcomeTaken() };
    const [first, ...more] = request.fields('paymentTokens', 'paymentToken');
    if (more.length > 0) {
      return refuse('PPT_SEMANTICA', 'Outcome non accettabile per token multipli attivati presso il PSP');
    }
    const token = this.books.token(first ?? '');
    if (!token || token.psp !== request.caller.idPsp) return refuse('PPT_TOKEN_SCONOSCIUTO');
    const position = this.books.positionOf(token);
    if (!position) return refuse('PPT_PAGAMENTO_SCONOSCIUTO');
    const paid = request.field('outcome') === 'OK';
    this.#keys.forgetToken(token.token);

    switch (token.status) {
      case 'acquired':
      case 'cancelled': {
        const same = paid === (token.status === 'acquired');
        return refuse('PPT_ESITO_GIA_ACQUISITO', same ? 'Esito concorde' : 'Esito discorde');
      }
      case 'alive':
        // Past its instant but before the job it still counts.
        if (paid) this.books.acquire(position, token, this.now(), false);
        else this.books.release(token, 'cancelled');
        return taken;
      case 'expired':
        if (!paid) return refuse('PPT_TOKEN_SCADUTO_KO');
        if (position.state !== 'INSERTED') return refuse('PPT_PAGAMENTO_DUPLICATO');
        if (position.pending) return refuse('PPT_SEMANTICA', 'Outcome non accettabile per stato pagamento');
        this.books.acquire(position, token, this.now(), true);
        return refuse('PPT_TOKEN_SCADUTO');
    }
  }

  #noteOutcome(request: NodeRequest, answer: string, replayed: boolean): void {
    for (const token of request.fields('paymentTokens', 'paymentToken')) {
      this.books.received(token, {
        at: this.now(),
        psp: request.caller.idPsp,
        outcome: request.field('outcome') === 'OK' ? 'OK' : 'KO',
        idempotencyKey: request.idempotencyKey,
        answer,
        replayed,
      });
    }
  }

  #refuse(operation: Operation, why: Fault): Answer {
    return {
      verdict: why.code,
      xml: refusal(operation, why, this.settings.extendedFaults),
      fault: why,
    };
  }

  #token(position: Position, psp: string, expiresAt: number): Token {
    const { notice } = position;
    return {
      token: Buffer.from(this.#random(16)).toString('hex'),
      noticeNumber: notice.noticeNumber,
      creditorTaxCode: notice.creditorTaxCode,
      psp,
      amountCents: notice.scenario === 'amount-changes' ? notice.finalCents : notice.amountCents,
      expiresAt,
      status: 'alive',
    };
  }

  #pay(position: Position, psp: string): void {
    const token = this.#token(position, psp, this.now());
    this.books.hold(position, token);
    this.books.acquire(position, token, this.now(), false);
  }
}

const unknownNotice = creditorFault(
  'PAA_PAGAMENTO_SCONOSCIUTO',
  "Pagamento in attesa risulta sconosciuto all'Ente Creditore.",
);

function blockedBy(position: Position): Fault | undefined {
  if (position.state === 'PAID') return fault('PPT_PAGAMENTO_DUPLICATO');
  if (position.state === 'PAYING' || position.pending) return fault('PPT_PAGAMENTO_IN_CORSO');
  return undefined;
}
