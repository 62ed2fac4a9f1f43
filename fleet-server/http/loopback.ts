import type { FastifyRequest } from 'fastify';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** What proxies add: one on this machine may send its own address and Host. */
const PROXY_MARKS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** Whether a host name or address can only be this machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_NAMES.has(host);
}

/**
 * Whether a call was made on this machine, to this machine, without a proxy between. The Host is looked at too: a page
 * from outside whose name was rebound to 127.0.0.1 still sends its own.
 */
export function isLoopbackCall(request: FastifyRequest): boolean {
  const remote = request.socket.remoteAddress ?? '';
  const direct = remote === '::1' || /^(::ffff:)?127\./.test(remote);
  const forwarded = PROXY_MARKS.some((name) => name in request.headers);
  return direct && !forwarded && isLoopbackHost(request.hostname);
}
