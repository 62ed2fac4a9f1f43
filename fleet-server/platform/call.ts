import { randomUUID } from 'node:crypto';
import type { Clock, Secret } from '@jolly/contracts/values';
import { platformError } from './errors.ts';

export interface PlatformCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
  /** `Ocp-Apim-Subscription-Key`. */
  readonly key: Secret<string>;
  /** From the name's look-up to the last byte. */
  readonly timeoutMs: number;
}

export interface PlatformAnswer {
  readonly status: number;
  /** The JSON of the body; undefined when it is none. */
  readonly json: unknown;
  readonly location: string | undefined;
}

/** Longest answer taken. */
const MAX_BYTES = 262_144;

/** One call of the platform. Follows no redirect. Rejects with a PlatformError only; never logs a body. */
export type PlatformFetch = (call: PlatformCall) => Promise<PlatformAnswer>;

export function platformFetch(clock: Clock): PlatformFetch {
  return async ({ method, url, body, key, timeoutMs }) => {
    const stop = new AbortController();
    const cancel = clock.after(timeoutMs, () => stop.abort());
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        signal: stop.signal,
        headers: {
          accept: 'application/json',
          'ocp-apim-subscription-key': key.reveal(),
          'x-request-id': randomUUID(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await shortText(response);
      return {
        status: response.status,
        json: parse(text),
        location: response.headers.get('location') ?? undefined,
      };
    } catch (cause) {
      if (stop.signal.aborted) throw platformError('PLATFORM_TIMEOUT', { ms: timeoutMs }, { cause });
      throw platformError('PLATFORM_UNREACHABLE', {}, { cause });
    } finally {
      cancel();
    }
  };
}

async function shortText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('answer-too-long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON of a text; undefined for what is none, which no schema takes. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
