import { isIP } from 'node:net';
import type { WebUri } from '../../registry/index.ts';
import { posError } from '../errors.ts';

/** Settings of one terminal, from its URI (docs/pos-nexo.md). */
export interface NexoSettings {
  readonly url: URL;
  readonly saleId: string;
  readonly poiId: string;
  /** Certificate authority that signed the terminal's certificate; absent: those of the system. */
  readonly caFile: string | undefined;
  /** Name in the terminal's certificate, where it is not the address called. */
  readonly certificateName: string | undefined;
  /** Key of the sealed messages; absent: messages go in clear inside TLS. */
  readonly keyFile: string | undefined;
  /** From the payment's last byte to its answer. */
  readonly resultMs: number;
  /** The same for harmless questions. */
  readonly answerMs: number;
  readonly openMs: number;
  /**
   * So long after a charge began, "never arrived" is not believed yet: what a kiosk that died had written lies in its system's
   * send queue, which Linux tries to deliver for about 100 s more (`tcp_orphan_retries`).
   */
  readonly settleMs: number;
  /** Between harmless questions while nothing runs; 0 = only until the terminal has answered. */
  readonly probeMs: number;
  /** Whether the terminal tells its last transaction when asked without a reference. */
  readonly tellsLast: boolean;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Reads them all and names every one that cannot be used. Throws `POS_SETTINGS_INVALID`. */
export function readSettings({ url, transport, settings }: WebUri): NexoSettings {
  const faults: string[] = [];
  if (transport !== 'http' && transport !== 'https') faults.push('address: nexo+https or nexo+http');
  if (transport === 'http' && !LOOPBACK.test(url.hostname))
    faults.push(
      'address: nexo+http only to this computer; a terminal on the network is reached by nexo+https',
    );
  if (url.username !== '' || url.password !== '') faults.push('address: no user and no password in it');
  const name = (key: string): string => {
    const given = settings.get(key) ?? '';
    if (!/^[A-Za-z0-9_.:-]{1,40}$/.test(given)) faults.push(`${key}: 1 to 40 letters, digits, _ . : -`);
    return given;
  };
  const seconds = (key: string, fallback: number, least: number, most: number): number => {
    const given = settings.get(key) ?? String(fallback);
    const value = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
    if (!(value >= least && value <= most)) faults.push(`${key}: seconds, ${least} to ${most}`);
    return value * 1_000;
  };
  const last = settings.get('last') ?? 'yes';
  if (last !== 'yes' && last !== 'no') faults.push('last: yes or no');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const read: NexoSettings = {
    url,
    saleId: name('sale'),
    poiId: name('poi'),
    caFile: settings.get('ca') ?? undefined,
    certificateName: settings.get('name') ?? (isIP(host) ? undefined : host),
    keyFile: settings.get('key-file') ?? undefined,
    resultMs: seconds('result-timeout', 120, 0.2, 900),
    answerMs: seconds('answer-timeout', 10, 0.2, 60),
    openMs: seconds('open-timeout', 6, 0.1, 30),
    settleMs: seconds('settle', 120, 0, 600),
    probeMs: seconds('probe', 30, 0, 3_600),
    tellsLast: last === 'yes',
  };
  if (faults.length > 0) throw posError('POS_SETTINGS_INVALID', { faults: faults.join('; ') });
  return read;
}
