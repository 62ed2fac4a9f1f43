import { readFileSync } from 'node:fs';
import { isJollyError } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { attributesOf, chainOf, readCertificate } from '../trust/index.ts';
import { isListed, readCrl } from './crl.ts';
import { ocspRequest, readOcsp } from './ocsp.ts';

/** Made once with openssl 3.0 (`req`, `ca -gencrl`, `ocsp`): RSASSA-PSS authority, delegated P-256 responder. */
const file = new URL('../testing/openssl.json', import.meta.url);
const made: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
const bytes = (name: string) => Buffer.from(made[name] ?? '', 'base64');
const [ca, good, bad] = ['ca', 'good', 'bad'].map((name) => readCertificate(bytes(name)));
const now = 1_795_281_900_000 + 3_600_000;

describe('what openssl wrote', () => {
  if (!ca || !good || !bad) throw new Error('no fixture');

  it('is a chain with names and addresses', () => {
    expect(chainOf(good, [ca], now)).toHaveLength(2);
    expect(attributesOf(good.subject).get('2.5.4.42')).toEqual(['Nicolò']);
    expect([good.crlUrls, good.ocspUrls]).toEqual([['http://ca.example/crl'], ['http://ca.example/ocsp']]);
  });

  it('is a list with one certificate in it', () => {
    const list = readCrl(bytes('crl'), ca, now);
    expect([isListed(list, good), isListed(list, bad)]).toEqual([false, true]);
  });

  it('is the very request that we write, and answers to it', () => {
    expect(Buffer.from(ocspRequest(good, ca))).toEqual(bytes('request'));
    expect(readOcsp(bytes('good-answer'), good, ca, now).status).toBe('good');
    expect(readOcsp(bytes('bad-answer'), bad, ca, now).status).toBe('revoked');
    expect(() => readOcsp(bytes('good-answer'), bad, ca, now)).toThrow(
      expect.objectContaining({ code: 'OCSP_UNUSABLE' }),
    );
  });

  it('with any bit changed is refused by name, or says the same', () => {
    for (const [name, read] of [
      ['crl', (der: Uint8Array) => [...readCrl(der, ca, now).serials].join()],
      ['good-answer', (der: Uint8Array) => JSON.stringify(readOcsp(der, good, ca, now))],
    ] as const) {
      const der = bytes(name);
      const said = read(der);
      let refusals = 0;
      for (let at = 0; at < der.length; at += 1) {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] ?? 0) ^ 0x01;
        try {
          expect(read(changed), `${name} ${at}`).toBe(said);
        } catch (error) {
          if (!isJollyError(error)) throw error;
          refusals += 1;
        }
      }
      expect(refusals / der.length).toBeGreaterThan(0.95);
    }
  });
});
