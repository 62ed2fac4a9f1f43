import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
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

/** Who calls, of requests that never become Fastify's: upgrades to WebSocket. `trusted`: addresses and networks of proxies. */
export function upgradeCallers(trusted: readonly string[]): (request: IncomingMessage) => string | undefined {
  const proxies = new BlockList();
  for (const text of trusted) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isProxy = (address: string) =>
    isIP(address) !== 0 && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return (request) => {
    const remote = (request.socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
    const passed = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    let caller = remote;
    // from the right: what a proxy of ours wrote is believed, what the caller wrote before it is not
    while (isProxy(caller) && passed.length > 0) caller = passed.pop() ?? '';
    if (isIP(caller) === 0 || /^127\.|^::1$/.test(caller)) return undefined;
    return caller === remote && passed.length > 0 && INSIDE.test(remote) ? undefined : networkOf(caller);
  };
}

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
