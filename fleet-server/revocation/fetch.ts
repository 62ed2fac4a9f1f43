import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isJollyError } from '@jolly/contracts/values';
import { isPublicAddress, publicLookup } from '../outgoing/index.ts';
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
        ...(options.privateAddresses
          ? {}
          : {
              lookup: publicLookup(() => revocationError('REVOCATION_ADDRESS_REFUSED', { why: 'address' })),
            }),
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
