import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeWithShared } from '../../tests/shared-data/index.ts';
import { decrypt3des, encrypt3des, pad, retailMac, unpad } from './des.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex').toUpperCase();

describeWithShared('3DES of the cards', ['icao9303-vectors.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
    retail_mac: { cases: { key: string; padded_data: string; mac: string }[] };
    secure_messaging_3des: { ks_enc: string };
  };

  it('makes the published MACs', () => {
    for (const { key, padded_data, mac } of vectors.retail_mac.cases)
      expect(hex(retailMac(bytes(key), bytes(padded_data)))).toBe(mac);
  });

  it('makes the published cryptogram and takes it back', () => {
    const key = bytes(vectors.secure_messaging_3des.ks_enc);
    const cipher = encrypt3des(key, pad(bytes('011E')));
    expect(hex(cipher)).toBe('6375432908C044F6');
    expect(hex(unpad(decrypt3des(key, cipher)) ?? bytes(''))).toBe('011E');
  });
});
