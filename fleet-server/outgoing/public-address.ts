import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Whatever is not a public unicast address: an address that somebody else named must not make the server knock on its own network. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  inside.addSubnet(network, prefix, 'ipv4');
}
/** Public unicast is 2000::/3, without what carries an IPv4 address or is for documents. */
const unicast6 = new BlockList();
unicast6.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  inside.addSubnet(network, prefix, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !inside.check(address, 'ipv4');
  if (isIP(address) === 6) return unicast6.check(address, 'ipv6') && !inside.check(address, 'ipv6');
  return false;
}

/**
 * A look-up for `node:http(s)` that knows public addresses only: the name's addresses are looked at and then connected to, with no second look-up
 * between. `refused` makes the error of whoever asks.
 */
export const publicLookup =
  (refused: () => NodeJS.ErrnoException): LookupFunction =>
  (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return done(error, '', 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address)))
        return done(refused(), '', 0);
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
