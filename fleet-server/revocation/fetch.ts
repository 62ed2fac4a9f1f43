import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { isJollyError } from '@jolly/contracts/values';
import { revocationError } from './errors.ts';

export interface RevocationRequest {
  readonly url: string;
  /** Sent by POST with this type when given; else GET. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
  readonly maxBytes: number;
}

/** Asks one address once. Rejects with a revocation error only. */
export type RevocationFetch = (wanted: RevocationRequest) => Promise<Uint8Array>;

export interface FetchOptions {
  /** Only for the demo, whose CA is on this machine. */
  readonly privateAddresses: boolean;
  /** From the name's look-up to the last byte. */
  readonly timeoutMs: number;
}

/** Whatever is not a public unicast address: a certificate must not make the server knock on its own network. */
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

/** The name's addresses are looked at and then connected to, with no second look-up between. */
const publicLookup: LookupFunction = (name, options, done) => {
  lookup(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return done(error, '', 0);
    const [first] = addresses;
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      return done(revocationError('REVOCATION_ADDRESS_REFUSED', { why: 'address' }), '', 0);
    }
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};

function addressOf(text: string, { privateAddresses }: FetchOptions): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const refused = (why: string) => revocationError('REVOCATION_ADDRESS_REFUSED', { why });
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw refused('scheme');
  if (url.username !== '' || url.password !== '') throw refused('credentials');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // An address written as such is never looked up
  if (!privateAddresses && isIP(host) !== 0 && !isPublicAddress(host)) throw refused('address');
  return url;
}

/** GET or POST over `node:http(s)`: no redirects, no proxy, no kept connection, bounded time and size. */
export function revocationFetch(options: FetchOptions): RevocationFetch {
  return async (wanted) => {
    const url = addressOf(wanted.url, options);
    return new Promise((resolve, reject) => {
      const { body } = wanted;
      const settings: RequestOptions = {
        method: body ? 'POST' : 'GET',
        agent: false,
        signal: AbortSignal.timeout(options.timeoutMs),
        headers: {
          accept: '*/*',
          'accept-encoding': 'identity',
          connection: 'close',
          ...(body ? { 'content-type': body.type, 'content-length': body.bytes.length } : {}),
        },
        ...(options.privateAddresses ? {} : { lookup: publicLookup }),
      };
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, settings);
      const unreachable = (cause: Error) =>
        reject(
          isJollyError(cause)
            ? cause
            : revocationError('REVOCATION_UNREACHABLE', { why: 'connection' }, { cause }),
        );
      request.on('error', unreachable);
      request.on('response', (response) => {
        if (response.statusCode !== 200) {
          // a redirect too: where it leads is no longer what the CA signed
          reject(
            revocationError('REVOCATION_UNREACHABLE', { why: 'status', status: response.statusCode ?? 0 }),
          );
          request.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size <= wanted.maxBytes) return;
          reject(revocationError('REVOCATION_TOO_LARGE', { limit: wanted.maxBytes }));
          request.destroy();
        });
        response.on('error', unreachable);
        response.on('end', () => resolve(Buffer.concat(chunks)));
      });
      request.end(body?.bytes);
    });
  };
}
