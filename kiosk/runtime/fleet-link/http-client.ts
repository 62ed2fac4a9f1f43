import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import {
  Accepted,
  ActivateResponse,
  type AskEnrolment,
  AuthorisationResponse,
  CartResponse,
  CatalogueResponse,
  CITIZEN_HEADER,
  DebtPositionResponse,
  EnrolmentAnswer,
  EnrolResponse,
  LinkAccess,
  LoginChallenge,
  LoginResponse,
  OutcomeResponse,
  PaymentStatus,
  Problem,
  ReceiptLinkResponse,
  type RotateKey,
  SERVER_TIME_HEADER,
  TERMINAL_ROUTES,
  TimeResponse,
  VerifyResponse,
} from '@jolly/contracts/fleet-api';
import type { Clock, Secret } from '@jolly/contracts/values';
import { z } from 'zod';
import type { LoginClient } from '../citizens/index.ts';
import { fail } from '../errors.ts';
import type { DeviceIdentity, EnrolmentClient, RequestToSign } from '../identity/index.ts';
import type { ServicesClient } from '../services/index.ts';
import type { AttachmentClient, FleetClient } from './port.ts';

/** Longest answers taken; a server that sends more is not ours. */
const MAX_ANSWER_BYTES = 1_000_000;

/**
 * The server's own waits on the node (25, 40 and 40 s) and a margin. A challenge waits for nobody, a proof perhaps for who keeps
 * the list of revoked certificates; the citizen's card lies there meanwhile.
 */
const TIMEOUT_MS = {
  verify: 35_000,
  activate: 60_000,
  challenge: 8_000,
  proof: 30_000,
  signOut: 3_000,
  /** Two calls of the archive: made, and read back. */
  position: 25_000,
  assistance: 6_000,
  /** Some MB over a thin line. */
  attachment: 120_000,
  other: 15_000,
} as const;

interface Call<Schema extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** In place of `body`: bytes of a type of their own. */
  readonly raw?: { readonly type: string; readonly content: Uint8Array };
  readonly answer: Schema;
  readonly timeoutMs?: number;
  /** Token of the citizen for whom the call is made. */
  readonly citizen?: Secret<string>;
  readonly as?: RequestToSign['as'];
}

interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly serverTime: number | undefined;
}

/** `FleetClient` over HTTP: every call signed, every answer validated, connections kept. */
export class HttpFleetClient
  implements FleetClient, AttachmentClient, LoginClient, ServicesClient, EnrolmentClient
{
  readonly #base: URL;
  readonly #identity: DeviceIdentity;
  readonly #clock: Clock;
  readonly #agent: HttpAgent;
  readonly #onReachable: (reachable: boolean) => void;
  #skew: number | undefined;
  #reachable = false;

  constructor(settings: {
    readonly serverUrl: string;
    readonly identity: DeviceIdentity;
    readonly clock: Clock;
    readonly onReachable?: (reachable: boolean) => void;
  }) {
    this.#base = new URL(settings.serverUrl);
    this.#identity = settings.identity;
    this.#clock = settings.clock;
    this.#onReachable = settings.onReachable ?? (() => undefined);
    const options = { keepAlive: true, maxSockets: 8 };
    this.#agent = this.#base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  get clockSkewMs(): number | undefined {
    return this.#skew;
  }

  get reachable(): boolean {
    return this.#reachable;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Makes the server know this terminal's key; safe to repeat. */
  async enrol(enrolment: { readonly site: string; readonly code: string }): Promise<void> {
    const { tenantId, terminalId, publicKey } = this.#identity;
    const body = { tenantId, terminalId, publicKey, ...enrolment };
    await this.#call({ method: 'POST', path: TERMINAL_ROUTES.enrolment, body, answer: EnrolResponse });
  }

  /** The server's clock (epoch ms): the cheapest call that proves link, enrolment and signature. */
  async time(): Promise<number> {
    const { now } = await this.#call({ method: 'GET', path: TERMINAL_ROUTES.time, answer: TimeResponse });
    return now;
  }

  /** Asks to be taken in, with nothing but the key. */
  ask(body: AskEnrolment): Promise<EnrolmentAnswer> {
    const path = TERMINAL_ROUTES.askEnrolment;
    return this.#call({ method: 'POST', path, body, answer: EnrolmentAnswer, as: 'nobody' });
  }

  rotateKey(body: RotateKey): Promise<void> {
    return this.#tell(TERMINAL_ROUTES.rotateKey, body);
  }

  async proveNextKey(): Promise<void> {
    await this.#call({ method: 'GET', path: TERMINAL_ROUTES.time, answer: TimeResponse, as: 'next' });
  }

  verify: FleetClient['verify'] = (body) =>
    this.#call({
      method: 'POST',
      path: TERMINAL_ROUTES.verify,
      body,
      answer: VerifyResponse,
      timeoutMs: TIMEOUT_MS.verify,
    });

  activate: FleetClient['activate'] = (id, body) =>
    this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.activate, id),
      body,
      answer: ActivateResponse,
      timeoutMs: TIMEOUT_MS.activate,
    });

  outcome: FleetClient['outcome'] = (id, body) =>
    this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.outcome, id),
      body,
      answer: OutcomeResponse,
      timeoutMs: TIMEOUT_MS.activate,
    });

  status: FleetClient['status'] = (id) =>
    this.#call({ method: 'GET', path: at(TERMINAL_ROUTES.payment, id), answer: PaymentStatus });

  authorise: FleetClient['authorise'] = (id, body) =>
    this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.authorisation, id),
      body,
      answer: AuthorisationResponse,
      timeoutMs: TIMEOUT_MS.activate,
    });

  authorisation: FleetClient['authorisation'] = (id, attempt) =>
    this.#call({
      method: 'GET',
      path: `${at(TERMINAL_ROUTES.authorisation, id)}?attempt=${attempt}`,
      answer: AuthorisationResponse,
    });

  facts: FleetClient['facts'] = (id, body) => this.#tell(at(TERMINAL_ROUTES.facts, id), body);

  receiptLink: FleetClient['receiptLink'] = (id) =>
    this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.receipt, id),
      body: {},
      answer: ReceiptLinkResponse,
    });

  loginChallenge: LoginClient['loginChallenge'] = (body) =>
    this.#call({
      method: 'POST',
      path: TERMINAL_ROUTES.logins,
      body,
      answer: LoginChallenge,
      timeoutMs: TIMEOUT_MS.challenge,
    });

  loginProof: LoginClient['loginProof'] = (loginId, body) =>
    this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.loginProof, loginId),
      body,
      answer: LoginResponse,
      timeoutMs: TIMEOUT_MS.proof,
    });

  endCitizen: LoginClient['endCitizen'] = async (citizen) => {
    await this.#call({
      method: 'DELETE',
      path: TERMINAL_ROUTES.citizen,
      citizen,
      answer: z.unknown(),
      timeoutMs: TIMEOUT_MS.signOut,
    });
  };

  catalogue: ServicesClient['catalogue'] = () =>
    this.#call({ method: 'GET', path: TERMINAL_ROUTES.catalogue, answer: CatalogueResponse });

  debtPosition: ServicesClient['debtPosition'] = (body) =>
    this.#call({
      method: 'POST',
      path: TERMINAL_ROUTES.debtPositions,
      body,
      answer: DebtPositionResponse,
      timeoutMs: TIMEOUT_MS.position,
    });

  cart: ServicesClient['cart'] = (body) =>
    this.#call({ method: 'POST', path: TERMINAL_ROUTES.carts, body, answer: CartResponse });

  posDay: FleetClient['posDay'] = (body) => this.#tell(TERMINAL_ROUTES.posDays, body);
  usage: FleetClient['usage'] = (body) => this.#tell(TERMINAL_ROUTES.usage, body);

  linkAccess: FleetClient['linkAccess'] = () =>
    this.#call({ method: 'GET', path: TERMINAL_ROUTES.linkAccess, answer: LinkAccess });

  /** Somebody stands there and waits for a word: twice within a quarter of a minute, then they are told. */
  assistance: FleetClient['assistance'] = (body) =>
    this.#tell(TERMINAL_ROUTES.assistance, body, TIMEOUT_MS.assistance);

  attach: AttachmentClient['attach'] = async (commandId, type, content) => {
    await this.#call({
      method: 'POST',
      path: at(TERMINAL_ROUTES.commandAttachment, commandId),
      raw: { type, content },
      answer: Accepted,
      timeoutMs: TIMEOUT_MS.attachment,
    });
  };

  async #tell(path: string, body: unknown, timeoutMs?: number): Promise<void> {
    const wait = timeoutMs === undefined ? {} : { timeoutMs };
    await this.#call({ method: 'POST', path, body, answer: Accepted, ...wait });
  }

  async #call<Schema extends z.ZodType>(call: Call<Schema>): Promise<z.output<Schema>> {
    let raw: RawAnswer;
    try {
      raw = await this.#exchange(call);
    } catch (cause) {
      this.#reached(false);
      throw fail('SERVER_UNREACHABLE', { path: call.path, why: reasonOf(cause) }, { cause });
    }
    this.#reached(raw.status < 500);
    const answer = parse(raw.body);
    if (raw.status >= 200 && raw.status < 300) {
      const parsed = call.answer.safeParse(answer);
      if (parsed.success) return parsed.data;
      const faults = parsed.error.issues
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; ');
      throw fail('SERVER_UNREACHABLE', { path: call.path, why: 'answer-invalid', faults });
    }
    const problem = Problem.safeParse(answer);
    const code = problem.success ? problem.data.code : `HTTP_${raw.status}`;
    const detail = { path: call.path, status: raw.status, code };
    // a server in trouble, or too busy, is not a refusal: the same call may succeed later
    const busy = raw.status >= 500 || raw.status === 429 || raw.status === 408;
    throw fail(busy ? 'SERVER_UNREACHABLE' : 'SERVER_REFUSED', busy ? { ...detail, why: code } : detail);
  }

  #reached(reachable: boolean): void {
    if (this.#reachable === reachable) return;
    this.#reachable = reachable;
    this.#onReachable(reachable);
  }

  async #exchange(call: Call<z.ZodType>): Promise<RawAnswer> {
    const { type, content: body } = call.raw ?? {
      type: 'application/json',
      content: call.body === undefined ? '' : JSON.stringify(call.body),
    };
    const url = new URL(this.#base.pathname.replace(/\/$/, '') + call.path, this.#base);
    const target = url.pathname + url.search;
    const sentAt = this.#clock.now();
    const startedAt = this.#clock.monotonic();
    const raw = await new Promise<RawAnswer>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(
        url,
        {
          method: call.method,
          agent: this.#agent,
          headers: {
            ...this.#identity.sign({
              method: call.method,
              target,
              body,
              ...(call.as ? { as: call.as } : {}),
            }),
            accept: 'application/json',
            ...(body.length === 0 ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          },
        },
        (response) => read(response).then(resolve, reject),
      );
      // not among the options: the agent keeps those of the call that opened a connection as long as the connection
      if (call.citizen) outgoing.setHeader(CITIZEN_HEADER, call.citizen.reveal());
      const cancel = this.#clock.after(call.timeoutMs ?? TIMEOUT_MS.other, () =>
        outgoing.destroy(new Error('timeout')),
      );
      outgoing.on('error', reject);
      outgoing.on('close', cancel);
      outgoing.end(body);
    });
    if (raw.serverTime !== undefined) {
      // the server's instant lies somewhere in the round trip: its middle is the best guess
      const tripMs = this.#clock.monotonic() - startedAt;
      this.#skew = Math.round(sentAt + tripMs / 2 - raw.serverTime);
    }
    return raw;
  }
}

const at = (route: string, id: string): string => route.replace(':id', encodeURIComponent(id));

async function read(response: IncomingMessage): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      response.destroy();
      throw new Error('answer-too-long');
    }
    chunks.push(chunk);
  }
  const time = z.coerce.number().int().positive().safeParse(response.headers[SERVER_TIME_HEADER]);
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks).toString('utf8'),
    serverTime: time.success ? time.data : undefined,
  };
}

/** The JSON of an answer; undefined for what is none, which no schema takes. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Why a call got no answer, in one word without addresses: `ECONNREFUSED`, `timeout`. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
