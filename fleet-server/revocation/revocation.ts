import { createHash } from 'node:crypto';
import { type Clock, isJollyError } from '@jolly/contracts/values';
import type { Certificate } from '../trust/index.ts';
import { AnswerCache } from './answers.ts';
import { isListed, isListFor, type RevocationList, readCrl } from './crl.ts';
import { revocationError } from './errors.ts';
import type { RevocationFetch } from './fetch.ts';
import { type OcspAnswer, ocspRequest, readOcsp } from './ocsp.ts';
import type { RevocationState } from './policy.ts';

const CRL_MAX_BYTES = 10 * 1024 * 1024;
const OCSP_MAX_BYTES = 16 * 1024;
/** What all lists together may take, a serial counted as so much. */
const LISTS_MAX_BYTES = 128 * 1024 * 1024;
const SERIAL_BYTES = 64;
/** A citizen is waiting: of each kind of address the first ones only. */
const MAX_LISTS = 2;
const MAX_RESPONDERS = 1;
/** An address that failed is left alone for so long: a dead CA costs the time limit once, not at each login. */
const REST_MS = 10_000;
/** An answer without an end of its own is of now. */
const NO_END_MS = 600_000;

export interface RevocationOptions {
  readonly clock: Clock;
  readonly fetch: RevocationFetch;
  /** Whatever end an authority gives its word, it is asked again after so long. */
  readonly keepMs: number;
  /** Told of what failed, without any name or serial. */
  readonly failed: (error: unknown) => void;
}

export interface Revocation {
  /**
   * What the authorities say of each certificate of a verified chain, leaf first; the last, a configured one, is not asked
   * about. Never rejects because of an answer. One between that names no address of its CA's counts as good: it was configured by hand.
   */
  statesOf(chain: readonly Certificate[]): Promise<readonly RevocationState[]>;
}

interface Kept<T> {
  readonly value: T;
  /** When it is asked for anew. */
  readonly until: number;
}

/**
 * Lists first, kept until their end and no longer than `keepMs`: a login then tells the CA nothing. OCSP when no list can be had. Only addresses of
 * certificates whose chain was verified before are asked.
 */
export function openRevocation(options: RevocationOptions): Revocation {
  const { clock, fetch, keepMs } = options;
  const lists = new AnswerCache<Kept<RevocationList>>({ count: 64, weight: LISTS_MAX_BYTES });
  const answers = new AnswerCache<Kept<OcspAnswer>>({ count: 2_000, weight: 2_000 });
  const resting = new AnswerCache<number>({ count: 2_000, weight: 2_000 });
  const underWay = new Map<string, Promise<RevocationList | undefined>>();

  const rest = (key: string): void => resting.set(key, clock.now() + REST_MS, 1);

  /** Runs one question unless it failed a moment ago; undefined = no answer that can be used. */
  async function ask<T>(key: string, question: () => Promise<T>): Promise<T | undefined> {
    if ((resting.get(key) ?? 0) > clock.now()) return undefined;
    try {
      return await question();
    } catch (error) {
      if (!isJollyError(error)) throw error;
      options.failed(error);
      rest(key);
      return undefined;
    }
  }

  async function download(
    key: string,
    url: string,
    issuer: Certificate,
  ): Promise<RevocationList | undefined> {
    const list = await ask(key, async () =>
      readCrl(await fetch({ url, maxBytes: CRL_MAX_BYTES }), issuer, clock.now()),
    );
    const before = lists.get(key)?.value;
    // nothing newer to be had: the one in hand is the authority's word until its own end
    if (!list) return before;
    if (before && before.thisUpdate > list.thisUpdate) {
      // a list older than the one in hand is somebody's trick or a lagging mirror
      rest(key);
      return before;
    }
    const until = Math.min(list.nextUpdate, clock.now() + keepMs);
    lists.set(key, { value: list, until }, list.serials.size * SERIAL_BYTES);
    return list;
  }

  /** One download at a time of the same list, however many citizens wait for it. */
  function listAt(url: string, issuer: Certificate): Promise<RevocationList | undefined> | RevocationList {
    const key = `${url} ${fingerprint(issuer)}`;
    const kept = lists.get(key);
    if (kept && clock.now() <= kept.until) return kept.value;
    const running = underWay.get(key) ?? download(key, url, issuer).finally(() => underWay.delete(key));
    underWay.set(key, running);
    return running;
  }

  async function byLists(certificate: Certificate, issuer: Certificate): Promise<RevocationState> {
    let stale: RevocationState = { state: 'unknown' };
    for (const url of certificate.crlUrls.slice(0, MAX_LISTS)) {
      const list = await listAt(url, issuer);
      const listed = list && usable(() => isFound(list, certificate));
      if (!list || listed === undefined) continue;
      if (listed) return { state: 'revoked' };
      const staleMs = clock.now() - list.nextUpdate;
      if (staleMs <= 0) return { state: 'good', by: 'crl' };
      stale = { state: 'stale', staleMs };
    }
    return stale;
  }

  function usable<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isJollyError(error)) throw error;
      options.failed(error);
      return undefined;
    }
  }

  async function byOcsp(certificate: Certificate, issuer: Certificate): Promise<RevocationState | undefined> {
    const subject = fingerprint(certificate);
    for (const url of certificate.ocspUrls.slice(0, MAX_RESPONDERS)) {
      const key = `${url} ${subject}`;
      const kept = answers.get(key);
      const answer =
        kept && clock.now() <= kept.until ? kept.value : await question(key, url, certificate, issuer);
      if (answer?.status === 'revoked') return { state: 'revoked' };
      if (answer?.status === 'good') return { state: 'good', by: 'ocsp' };
    }
    return undefined;
  }

  async function question(
    key: string,
    url: string,
    certificate: Certificate,
    issuer: Certificate,
  ): Promise<OcspAnswer | undefined> {
    const body = { type: 'application/ocsp-request', bytes: ocspRequest(certificate, issuer) };
    const bytes = await ask(url, () => fetch({ url, body, maxBytes: OCSP_MAX_BYTES }));
    // an answer that is no good for this citizen says nothing about the next: the responder does not rest for it
    const answer = bytes && usable(() => readOcsp(bytes, certificate, issuer, clock.now()));
    if (answer?.status === 'revoked') return answer;
    const now = clock.now();
    if (!answer || now > (answer.nextUpdate ?? answer.thisUpdate + NO_END_MS)) return undefined;
    if (answer.nextUpdate !== undefined) {
      answers.set(key, { value: answer, until: Math.min(answer.nextUpdate, now + keepMs) }, 1);
    }
    return answer;
  }

  return {
    statesOf: (chain) =>
      Promise.all(
        chain.slice(0, -1).map(async (certificate, at): Promise<RevocationState> => {
          const issuer = chain[at + 1];
          const silent = certificate.crlUrls.length + certificate.ocspUrls.length === 0;
          if (!issuer) return { state: 'unknown' };
          if (silent) return at === 0 ? { state: 'unknown' } : { state: 'good', by: 'crl' };
          const listed = await byLists(certificate, issuer);
          if (listed.state === 'good' || listed.state === 'revoked') return listed;
          return (await byOcsp(certificate, issuer)) ?? listed;
        }),
      ),
  };
}

/** Throws CRL_UNUSABLE when the list says nothing of the certificate. */
function isFound(list: RevocationList, certificate: Certificate): boolean {
  if (!isListFor(list, certificate)) throw revocationError('CRL_UNUSABLE', { why: 'another-part' });
  return isListed(list, certificate);
}

function fingerprint(certificate: Certificate): string {
  return createHash('sha256').update(certificate.der).digest('base64');
}
