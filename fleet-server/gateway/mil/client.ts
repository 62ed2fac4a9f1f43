import { type Clock, isJollyError, type RandomBytes, type Secret, uuidv7 } from '@jolly/contracts/values';
import type { z } from 'zod';
import type { MilConfig } from '../config.ts';
import { type GatewayErrorCode, gatewayError } from '../errors.ts';
import type { HttpPost } from '../http.ts';
import { ErrorsAnswer, TokenAnswer, tokenForm } from './codec/messages.ts';

export interface MilCredentials {
  readonly clientSecret: Secret<string>;
}

export interface MilCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  /** Empty with GET. */
  readonly body: string;
  readonly answerMs: number;
}

/**
 * `heard` with any status below 500 that is not 429; `unreachable` when nobody knows whether the call was done;
 * `reason` is a code fit for a log.
 */
export type MilReply =
  | {
      readonly kind: 'heard';
      readonly status: number;
      readonly codes: readonly string[];
      readonly json: unknown;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly lost: boolean };

/** A token is given up this long before it ends, so that none ends on its way. */
const MARGIN_MS = 20_000;
/** However long MIL asks for silence, it is asked again after this. */
const LONGEST_SILENCE_MS = 60_000;
const MAX_BYTES = 262_144;

interface HeldToken {
  readonly text: string;
  readonly until: number;
}

export interface MilClientOptions {
  readonly config: MilConfig;
  /** Our terminal's name at MIL. */
  readonly milTerminalId: string;
  /** Asked for each new token, so that a rotation takes effect with the next one. */
  readonly credentials: () => MilCredentials;
  readonly post: HttpPost;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Calls MIL in the name of one terminal: token, headers, one repetition after a token refused (pagopa.md 5.1). */
export class MilClient {
  readonly #options: MilClientOptions;
  #token: HeldToken | undefined;
  #asking: Promise<HeldToken | MilReply> | undefined;
  #quietUntil = 0;

  constructor(options: MilClientOptions) {
    this.#options = options;
  }

  async call(call: MilCall): Promise<MilReply> {
    const first = await this.#callOnce(call);
    if (first.kind !== 'heard' || first.status !== 401 || first.codes.some(ofToken)) return first;
    this.#token = undefined;
    return this.#callOnce(call);
  }

  async #callOnce(call: MilCall): Promise<MilReply> {
    const token = await this.#tokenInForce();
    if (!('text' in token)) return token;
    return this.#send(call, {
      'content-type': 'application/json',
      authorization: `Bearer ${token.text}`,
    });
  }

  /** The token held, or one asked for; who asks meanwhile waits for the same. */
  async #tokenInForce(): Promise<HeldToken | MilReply> {
    if (this.#token && this.#options.clock.now() < this.#token.until) return this.#token;
    this.#asking ??= this.#askToken().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askToken(): Promise<HeldToken | MilReply> {
    const { config, clock, credentials } = this.#options;
    const askedAt = clock.now();
    const reply = await this.#send(
      {
        method: 'POST',
        url: `${base(config.urls.auth)}/token`,
        body: tokenForm(config.clientId, credentials().clientSecret.reveal()),
        answerMs: config.timeouts.verifyMs,
      },
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
    if (reply.kind !== 'heard' || reply.status !== 200) return reply;
    const read = readJson(reply.json, TokenAnswer);
    if (!read) return { kind: 'unreachable', reason: 'MIL_ANSWER_INVALID', lost: false };
    const lifeMs = read.expires_in * 1_000;
    // A token shorter than the margin is used for half its life.
    this.#token = { text: read.access_token, until: askedAt + Math.max(lifeMs - MARGIN_MS, lifeMs / 2) };
    return this.#token;
  }

  async #send(call: MilCall, headers: Record<string, string>): Promise<MilReply> {
    const { config, clock, random, post, milTerminalId } = this.#options;
    if (clock.now() < this.#quietUntil) return { kind: 'unreachable', reason: 'MIL_RATE_LIMIT', lost: false };
    try {
      const answer = await post({
        method: call.method,
        url: call.url,
        headers: {
          ...headers,
          accept: 'application/json',
          RequestId: uuidv7(clock.now(), random),
          AcquirerId: config.acquirerId,
          Channel: config.channel,
          TerminalId: milTerminalId,
          ...(config.merchantId === undefined ? {} : { MerchantId: config.merchantId }),
        },
        body: call.body,
        connectMs: config.timeouts.connectMs,
        answerMs: call.answerMs,
        maxBytes: MAX_BYTES,
      });
      if (answer.status === 429) this.#keepQuiet(answer.headers);
      if (answer.status === 429 || answer.status >= 500) {
        return { kind: 'unreachable', reason: `NODE_HTTP_STATUS ${answer.status}`, lost: false };
      }
      const json = jsonOf(answer.body);
      const retryAfter = Number(answer.headers?.['retry-after']);
      return {
        kind: 'heard',
        status: answer.status,
        codes: readJson(json, ErrorsAnswer)?.errors ?? [],
        json,
        ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1_000 } : {}),
      };
    } catch (error) {
      if (!isJollyError<GatewayErrorCode>(error)) throw error;
      return { kind: 'unreachable', reason: error.code, lost: error.code === 'NODE_CONNECTION_LOST' };
    }
  }

  #keepQuiet(headers: Readonly<Record<string, string>> = {}): void {
    const seconds = Number(headers['ratelimit-reset'] ?? headers['retry-after'] ?? 0);
    const ms = Number.isFinite(seconds) ? seconds * 1_000 : 0;
    this.#quietUntil = this.#options.clock.now() + Math.min(ms, LONGEST_SILENCE_MS);
  }
}

/** An error of the token service itself: another token would be refused the same way. */
const ofToken = (code: string) => code.startsWith('009') && code !== '009000018';

/** A base without its trailing slash. */
export const base = (url: string): string => url.replace(/\/+$/, '');

export function readJson<T>(json: unknown, schema: z.ZodType<T>): T | undefined {
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

/** Undefined when it is no JSON. */
function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // 401, 403, 404 and 202 come without a body; where one is needed its schema says that it is missing.
    return undefined;
  }
}

export function terminalUnknown(terminalId: string) {
  return gatewayError('MIL_TERMINAL_UNKNOWN', { terminalId });
}
