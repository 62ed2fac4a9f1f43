import { type DeviceUri, overWeb } from '../registry/index.ts';
import { xfsError } from './errors.ts';

/** The path that stays the same over all releases (xfs4iot.md 1). */
export const PUBLISHER_PATH = '/xfs4iot/v1.0/';
/** Where a publisher may listen beside the scheme's own port. */
const PORTS = Array.from({ length: 11 }, (_, index) => 5846 + index);

export interface XfsAddress {
  /** As in the configuration. */
  readonly text: string;
  /** The service, or undefined: the publisher is asked which one has the interface. */
  readonly service: string | undefined;
  /** Publishers to be asked in turn when no service is named. */
  readonly publishers: readonly string[];
  readonly insecure: boolean;
}

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Whether a service may be talked to: what is printed and read is personal, so clear text stays on this computer. */
export function mayUse(url: URL, insecure: boolean): boolean {
  return url.protocol === 'wss:' || (url.protocol === 'ws:' && (insecure || LOOPBACK.test(url.hostname)));
}

/**
 * Reads `xfs4iot+ws(s)://host[:port]/xfs4iot/v1.0/[Service]`, setting `insecure=yes`. Without a service the publisher is asked, on the
 * port named or else on 80 (443 for wss) and 5846–5856. Throws `XFS_URI_INVALID`.
 */
export function xfsAddress(device: DeviceUri): XfsAddress {
  const { text, url, settings } = overWeb(device);
  const wrong = (why: string) => xfsError('XFS_URI_INVALID', { uri: text, why });
  for (const [name, value] of settings)
    if (name !== 'insecure' || value !== 'yes') throw wrong(`setting ${name}`);
  const insecure = settings.has('insecure');
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw wrong('transport');
  if (url.username !== '' || url.password !== '') throw wrong('credentials');
  if (!mayUse(url, insecure)) throw wrong('clear text beyond this computer');
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  const publisher = url.pathname === '/' || path === PUBLISHER_PATH;
  if (!publisher && !url.pathname.startsWith(PUBLISHER_PATH))
    throw wrong(`path: starts with ${PUBLISHER_PATH}`);
  if (!publisher) return { text, service: url.href, publishers: [], insecure };
  const ports = url.port === '' ? [url.protocol === 'ws:' ? 80 : 443, ...PORTS] : [Number(url.port)];
  const publishers = ports.map((port) => `${url.protocol}//${url.hostname}:${port}${PUBLISHER_PATH}`);
  return { text, service: undefined, publishers, insecure };
}
