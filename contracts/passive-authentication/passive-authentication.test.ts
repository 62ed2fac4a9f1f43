import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../tests/shared-data/index.ts';
import { derLength, readDer, trimDer } from '../der/index.ts';
import { isJollyError } from '../values/index.ts';
import { checkSod, entryMatches, readSod } from './index.ts';
import { signerFault } from './signer.ts';

interface Vectors {
  readonly cie_ias_sod_sample: { readonly hex: string };
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    if (isJollyError(error)) return error.code;
    throw error;
  }
};

describeWithShared('the security object of a real CIE', ['icao9303-vectors.json'], (path) => {
  const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
  const bytes = Uint8Array.from(Buffer.from(vectors.cie_ias_sod_sample.hex, 'hex'));
  const sod = readSod(bytes);
  const at = sod.signerCertificate.validFromDate.getTime() + 1;
  const unchained = { anchors: undefined, at };

  it('lists its files by their unsigned numbers', () => {
    expect([...sod.entries.keys()]).toEqual([0xa5, 0x1b, 0xa4, 0xa3, 0xa2, 0xa1]);
    expect(sod.hash).toBe('sha512');
    expect(sod.signature).toMatchObject({ scheme: 'rsa-pss', hash: 'sha512', saltLength: 64 });
    expect(sod.signerCertificate.subject).toContain('eIdentityCardSigner');
  });

  it('holds: digest and signature are right', () => expect(checkSod(sod, unchained)).toBeUndefined());

  it('has the signer of a document, by algorithm, key and use', () => {
    expect(signerFault(sod.signerCertificate)).toBeUndefined();
  });

  it('is read the same with what fills the file up after it', () => {
    const filled = new Uint8Array(4096);
    filled.set(bytes);
    expect(codeOf(() => checkSod(readSod(filled), unchained))).toBe('none');
  });

  it('is not trusted without the CSCA that certified its signer', () => {
    expect(codeOf(() => checkSod(sod, { anchors: [], at }))).toBe('SOD_SIGNER_UNTRUSTED');
    const itself = [sod.signerCertificate];
    expect(codeOf(() => checkSod(sod, { anchors: itself, at }))).toBe('SOD_SIGNER_UNTRUSTED');
  });

  it('is not trusted before or after its signer’s time', () => {
    expect(codeOf(() => checkSod(sod, { anchors: undefined, at: at - 10_000 }))).toBe('SOD_SIGNER_EXPIRED');
    const later = sod.signerCertificate.validToDate.getTime() + 1;
    expect(codeOf(() => checkSod(sod, { anchors: undefined, at: later }))).toBe('SOD_SIGNER_EXPIRED');
  });

  it('knows no file that it does not list, and none that differs', () => {
    expect(entryMatches(sod, 0x99, bytes)).toBe(false);
    expect(entryMatches(sod, 0xa1, Buffer.from('000000000000'))).toBe(false);
  });

  it('notices a flipped bit wherever it counts', () => {
    const signature = sod.signature.value;
    const part = (inner: Uint8Array): number => Buffer.from(bytes).indexOf(inner);
    const places = [part(sod.content), part(signature)].flatMap((from, at) => {
      const length = at === 0 ? sod.content.length : signature.length;
      return Array.from({ length: 60 }, (_, step) => from + Math.floor((step * length) / 60));
    });
    for (const place of places) {
      const changed = Uint8Array.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 0x04;
      expect(
        codeOf(() => checkSod(readSod(changed), unchained)),
        `byte ${place}`,
      ).not.toBe('none');
    }
  });

  it('in any mutilation ends in a named error or in the same content', () => {
    const mutilation = fc.tuple(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.uint8Array({ minLength: 0, maxLength: 8 }),
      fc.integer({ min: 0, max: 8 }),
    );
    fc.assert(
      fc.property(mutilation, ([place, inserted, dropped]) => {
        const changed = Buffer.concat([bytes.subarray(0, place), inserted, bytes.subarray(place + dropped)]);
        const code = codeOf(() => checkSod(readSod(changed), unchained));
        expect([
          'none',
          'SOD_INVALID',
          'SOD_HASH_WRONG',
          'SOD_SIGNATURE_WRONG',
          'SOD_SIGNER_EXPIRED',
        ]).toContain(code);
      }),
      { numRuns: 400 },
    );
  });

  it('its certificate has the subject that the ministry gives', () => {
    expect(new X509Certificate(sod.signerCertificate.raw).issuer).toContain('Italian Country Signer CA');
  });
});

it('any bytes at all are DER, a named error, or not yet whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(['none', 'DER_INVALID']).toContain(codeOf(() => derLength(bytes)));
      expect(['none', 'DER_INVALID']).toContain(codeOf(() => readDer(bytes)));
      expect(['none', 'DER_INVALID']).toContain(codeOf(() => trimDer(bytes)));
      expect(['none', 'SOD_INVALID']).toContain(codeOf(() => readSod(bytes)));
    }),
  );
});
