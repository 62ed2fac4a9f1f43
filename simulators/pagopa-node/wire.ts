import { type Clock, sleep } from '@jolly/contracts/values';
import type { FastifyReply } from 'fastify';
import type { FaultOrder } from './app.ts';

/** An answer of a REST face. Without `json` it has no body. */
export interface RestAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Does what a fault on the wire asks for around the work of a REST call. */
export async function answerWithFault(
  reply: FastifyReply,
  strike: Omit<FaultOrder, 'operation'>,
  clock: Clock,
  work: () => Promise<RestAnswer>,
): Promise<unknown> {
  const wait = async () => {
    if (strike.delayMs) await sleep(clock, strike.delayMs);
  };
  const cut = (reset: boolean) => {
    reply.hijack();
    const { socket } = reply.raw;
    if (reset) socket?.resetAndDestroy();
    else socket?.destroy();
  };
  switch (strike.mode) {
    case 'drop-before':
    case 'reset':
      await wait();
      return cut(strike.mode === 'reset');
    case 'http-429':
    case 'http-500':
    case 'http-503': {
      await wait();
      const status = Number(strike.mode.slice(5));
      if (status === 429) reply.headers({ 'ratelimit-limit': '10', 'ratelimit-reset': '1' });
      return reply.code(status).send();
    }
    case 'drop-after':
      await work();
      await wait();
      return cut(false);
    case 'duplicate':
      await work();
      break;
    case 'delay':
    case 'malformed':
    case 'none':
      break;
  }
  const { status, json, headers = {} } = await work();
  await wait();
  if (json === undefined) return reply.code(status).headers(headers).send();
  const text = JSON.stringify(json);
  const sent = strike.mode === 'malformed' ? text.slice(0, Math.floor(text.length / 2)) : text;
  return reply
    .code(status)
    .headers({ ...headers, 'content-type': 'application/json' })
    .send(sent);
}

/** What a REST face was asked and what it said: tests hold both against the published interface. */
export interface Exchange {
  readonly operation: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}
