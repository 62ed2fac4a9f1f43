import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** This machine, and the networks in which a house keeps its proxies. */
const INSIDE =
  /^(::ffff:)?(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)|^::1$|^f[cd]|^fe[89ab]/i;

/**
 * The address of who calls, or undefined where it may be everybody's: a call from this machine, or one that a proxy inside passed on
 * whose word the settings (`trustedProxies`) do not take. What counts by address must not count those as one caller: one stranger
 * would shut out everybody.
 */
export function callerOf(request: FastifyRequest): string | undefined {
  const { ip } = request;
  if (/^(::ffff:)?127\.|^::1$/.test(ip)) return undefined;
  return passedOn(request) && INSIDE.test(ip) ? undefined : networkOf(ip);
}

/** Whether a proxy whose word is not taken says that it speaks for somebody else. */
export const passedOn = (request: FastifyRequest): boolean =>
  request.headers['x-forwarded-for'] !== undefined && request.ip === request.socket.remoteAddress;

/** What one caller has: an IPv4 address; of IPv6 the network of 64 bits, in which a household may choose as it likes. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return `${all
    .slice(0, 4)
    .map((each) => Number.parseInt(each, 16).toString(16))
    .join(':')}::/64`;
}
