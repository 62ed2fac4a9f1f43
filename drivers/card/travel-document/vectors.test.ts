import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import { exchange } from '../apdu/index.ts';
import { decryptAesCbc, KDF_COUNTER, kdf, type SessionCipher } from '../crypto/index.ts';
import { secureChannel } from '../secure-messaging/index.ts';
import { recoveredHolds } from './active-authentication.ts';
import { runBac } from './bac.ts';
import { authenticateChip, chooseChipAuthentication } from './chip-authentication.ts';
import { curveById } from './curves.ts';
import { readCommonData, readDg14 } from './data-groups-codec.ts';
import { curveGroup } from './key-agreement.ts';
import { checkDigit, mrzInformation, readTd1 } from './mrz.ts';
import { authenticationToken, choosePace, runPace } from './pace.ts';
import { readSecurityInfos } from './security-info-codec.ts';
import { sessionKeys } from './session-keys.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex').toUpperCase();
const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

/** Gives the values one after the other; a wrong length is a wrong program. */
function drawing(...values: readonly string[]) {
  const left = values.map(bytes);
  return (into: Uint8Array): void => {
    const next = left.shift();
    if (next?.length !== into.length) throw new Error(`${into.length} bytes drawn`);
    into.set(next);
  };
}

/** A card that knows one conversation. */
function scripted(exchanges: readonly { command: string; response: string }[]) {
  const left = [...exchanges];
  return {
    transmit: async (apdu: Uint8Array) => {
      const next = left.shift();
      expect(hex(apdu)).toBe(next?.command);
      return bytes(next?.response ?? '');
    },
    left,
  };
}

describeWithShared('published vectors of travel documents', ['icao9303-vectors.json'], (file) => {
  const vectors = JSON.parse(readFileSync(file, 'utf8'));

  test('check digits', () => {
    for (const { text, digit } of vectors.check_digits.cases) {
      expect(String.fromCharCode(checkDigit(ascii(text)))).toBe(digit);
    }
  });

  test('the machine-readable zone of an identity card with a long number', () => {
    for (const one of vectors.mrz_td1.cases) {
      expect(readTd1(ascii(one.lines.join('')))).toMatchObject({
        documentNumber: one.document_number,
        birth: one.date_of_birth,
        sex: one.sex,
        expiry: one.date_of_expiry,
        surname: one.surname,
        givenNames: one.given_names,
      });
    }
  });

  test('EF.COM', () => {
    const common = readCommonData(bytes(vectors.ef_com.hex));
    expect(common.ldsVersion).toBe(vectors.ef_com.lds_version);
    expect(common.unicodeVersion).toBe(vectors.ef_com.unicode_version);
    expect(common.tags.map((tag) => tag.toString(16).toUpperCase())).toEqual(vectors.ef_com.dg_tags);
  });

  test('key derivation', () => {
    for (const one of vectors.kdf.cases) {
      expect(hex(kdf(bytes(one.k), one.c, one.cipher as SessionCipher))).toBe(one.out);
    }
    expect(KDF_COUNTER.password).toBe(3);
  });

  test('basic access control, message by message', async () => {
    const { bac } = vectors;
    const own = mrzInformation({ documentNumber: 'L898902C', birth: '690806', expiry: '940623' });
    expect(String.fromCharCode(...own)).toBe(bac.mrz_information_text);
    const card = scripted([
      { command: bac.get_challenge_apdu, response: `${bac.rnd_ic}9000` },
      { command: bac.external_authenticate_apdu, response: bac.response },
    ]);
    const keys = await runBac(exchange(card), own, drawing(bac.rnd_ifd, bac.k_ifd));
    expect([keys.encryption, keys.mac, keys.ssc].map(hex)).toEqual([bac.ks_enc, bac.ks_mac, bac.ssc]);
    expect(card.left).toEqual([]);
  });

  test('PACE with elliptic curves, generic mapping, message by message', async () => {
    const { pace_ecdh_gm_aes128: pace } = vectors;
    const choice = choosePace(readSecurityInfos(bytes(pace.ef_card_access), 'card-access'));
    if (!choice) throw new Error('no choice');
    expect(choice.parameterId).toBe(pace.parameter_id);
    const { password } = pace;
    const information = mrzInformation({
      documentNumber: password.document_number_text,
      birth: password.date_of_birth_text,
      expiry: password.date_of_expiry_text,
    });
    expect(String.fromCharCode(...information)).toBe(password.mrz_information_text);
    const card = scripted(pace.exchanges);
    const keys = await runPace(
      exchange(card),
      choice,
      { kind: 'mrz', key: () => bytes(pace.k) },
      drawing(pace.map_private_ifd, pace.ka_private_ifd),
    );
    expect(keys.cipher).toBe('AES');
    expect([keys.encryption, keys.mac, keys.ssc].map(hex)).toEqual([
      pace.ks_enc,
      pace.ks_mac,
      pace.ssc_after,
    ]);
    expect(card.left).toEqual([]);
  });

  test('PACE, integrated mapping: all but the point encoding, which this driver does not offer', () => {
    const { pace_ecdh_im_aes128: pace } = vectors;
    const curve = curveById(13);
    if (!curve) throw new Error('no brainpoolP256r1');
    expect(hex(decryptAesCbc(bytes(pace.k_pi), bytes(pace.encrypted_nonce_z)))).toBe(pace.nonce_s);
    const mapped = BigInt(`0x${pace.r_s_t}`) % curve.Fp.ORDER;
    expect(mapped).toBe(BigInt(`0x${pace.r_mod_p}`));
    const own = BigInt(`0x${pace.ka_private_ifd}`);
    const publicKey = curve.fromBytes(bytes(pace.mapped_generator)).multiply(own).toBytes(false);
    expect(hex(publicKey)).toBe(pace.ka_public_ifd);
    const pair = { secret: bytes(pace.ka_private_ifd), publicKey };
    const shared = curveGroup(curve).agree(pair, bytes(pace.ka_public_ic));
    expect(hex(shared)).toBe(pace.shared_secret);
    const keys = sessionKeys('AES-128', shared);
    expect([keys.encryption, keys.mac].map(hex)).toEqual([pace.ks_enc, pace.ks_mac]);
    // 0.4.0.127.0.7.2.2.4.4.2
    const info = { oid: bytes('04007F00070202040402'), agreement: 'ecdh' } as const;
    expect(hex(authenticationToken(keys, info, bytes(pace.ka_public_ic)))).toBe(pace.t_ifd);
    expect(hex(authenticationToken(keys, info, publicKey))).toBe(pace.t_ic);
  });

  test('active authentication: the opened signature of the example', () => {
    const { active_authentication_rsa_sha1: aa } = vectors;
    const opened = bytes(aa.f);
    expect(recoveredHolds(opened, bytes(aa.rnd_ifd))).toBe(true);
    expect(recoveredHolds(opened, bytes(aa.rnd_ifd.replace('F1', 'F2')))).toBe(false);
    for (const at of [0, 1, 60, 110, opened.length - 1]) {
      const wrong = Uint8Array.from(opened);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      expect(recoveredHolds(wrong, bytes(aa.rnd_ifd))).toBe(false);
    }
  });

  test('chip authentication of a real document, message by message', async () => {
    for (const one of vectors.chip_authentication_ecdh_aes128) {
      const offer = chooseChipAuthentication(readDg14(bytes(one.ef_dg14)));
      if (!offer) throw new Error('no offer');
      const card = scripted(one.exchanges);
      const channel = secureChannel(exchange(card), {
        cipher: 'AES',
        encryption: bytes(one.sm_before.ks_enc),
        mac: bytes(one.sm_before.ks_mac),
        ssc: bytes(one.sm_before.ssc),
      });
      await authenticateChip(channel, offer, drawing(one.terminal_ephemeral_private));
      // The next command of that session, under the new keys.
      const data = bytes('010E');
      expect(await channel.send({ cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data })).toMatchObject({ sw: 0x9000 });
      expect(card.left).toEqual([]);
    }
  });
});
