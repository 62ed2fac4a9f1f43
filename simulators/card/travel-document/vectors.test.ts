import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithShared } from '../../../tests/shared-data/index.ts';
import { recoverable } from './active-authentication.ts';
import { domainOf } from './agreement.ts';
import { ChipAuthentication } from './chip-authentication.ts';
import { sessionKeys, suiteOf } from './cipher-suite.ts';
import { readCommand } from './command.ts';
import { efCom } from './data-groups.ts';
import { createTravelDocument } from './document.ts';
import { cardAccess } from './document-files.ts';
import { checkDigit, mrzInformation, td1 } from './mrz.ts';
import { SecureSession } from './session.ts';
import { bytes, fixedRandom, persona, shown } from './test-persona.ts';

const text = z.string();
const exchange = z.object({ command: text, response: text });
const keys = z.object({ ks_enc: text, ks_mac: text, ssc: text });
const Vectors = z.object({
  check_digits: z.object({ cases: z.array(z.object({ text, digit: text })) }),
  kdf: z.object({
    cases: z.array(z.object({ k: text, c: z.int(), cipher: z.enum(['3DES', 'AES-128']), out: text })),
  }),
  bac: z.record(text, z.unknown()),
  pace_ecdh_gm_aes128: z.object({
    ef_card_access: text,
    k_pi: text,
    nonce_s: text,
    map_private_ic: text,
    ka_private_ic: text,
    ks_enc: text,
    ks_mac: text,
    exchanges: z.array(exchange),
  }),
  secure_messaging_3des: z.object({
    ks_enc: text,
    ks_mac: text,
    initial_ssc: text,
    steps: z.array(
      z.object({
        plain_command: text,
        protected_command: text,
        plain_response: text,
        protected_response: text,
      }),
    ),
  }),
  secure_messaging_aes128: z.object({
    ks_enc: text,
    ks_mac: text,
    ssc_before: text,
    plain_command: text,
    protected_command: text,
  }),
  active_authentication_rsa_sha1: z.object({ rnd_ifd: text, m1: text, f: text }),
  chip_authentication_ecdh_aes128: z.array(
    z.object({
      ef_dg14: text,
      sm_before: keys,
      terminal_ephemeral_private: text,
      terminal_ephemeral_public: text,
      exchanges: z.array(exchange),
      sm_after: keys,
    }),
  ),
});

describeWithShared('the published examples, seen from the card', ['icao9303-vectors.json'], (file) => {
  const vectors = Vectors.parse(JSON.parse(readFileSync(file, 'utf8')));
  const command = (hex: string) => {
    const read = readCommand(bytes(hex));
    if (!read) throw new Error(`no command: ${hex}`);
    return read;
  };
  const plainOf = (hex: string) => {
    const { cla, ins, p1, p2, data, le } = command(hex);
    return { cla, ins, p1, p2, data: shown(data), le };
  };
  const unwrapped = (session: SecureSession, hex: string) => {
    const { cla, ins, p1, p2, data, le } = session.unwrap(command(hex));
    return { cla, ins, p1, p2, data: shown(data), le };
  };
  const session = (cipher: '3DES' | 'AES-128', { ks_enc, ks_mac, ssc }: z.output<typeof keys>) =>
    new SecureSession({
      suite: suiteOf(cipher),
      enc: bytes(ks_enc),
      mac: bytes(ks_mac),
      counter: bytes(ssc),
    });

  it('check digits', () => {
    for (const { text: zone, digit } of vectors.check_digits.cases) expect(checkDigit(zone)).toBe(digit);
  });

  it('the zone of three lines', () => {
    const person = {
      documentNumber: 'D23145890',
      birthDate: '1974-08-12',
      expiryDate: '2012-04-15',
      sex: 'F',
      surname: 'Eriksson',
      givenNames: 'Anna Maria',
    } as const;
    expect(td1(person, 'I<', 'UTO')).toEqual([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ]);
  });

  it('EF.COM', () => {
    expect(shown(efCom([0x61, 0x75, 0x76, 0x6c]))).toBe('60165F0104303130375F36063034303030305C046175766C');
  });

  it('key derivation; parity of 3DES keys is not looked at', () => {
    for (const { k, c, cipher, out } of vectors.kdf.cases) {
      const mask = (hex: string) => shown(bytes(hex).map((byte) => (cipher === '3DES' ? byte & 0xfe : byte)));
      expect(mask(shown(suiteOf(cipher).derive(bytes(k), c)))).toBe(mask(out));
    }
  });

  it('PACE: with the chip’s random numbers, every answer of the transcript', () => {
    const { exchanges, ef_card_access, ...vector } = vectors.pace_ecdh_gm_aes128;
    const citizen = persona({
      documentNumber: 'T22000129',
      birthDate: '1964-08-12',
      expiryDate: '2010-10-31',
      random: fixedRandom(vector.nonce_s, vector.map_private_ic, vector.ka_private_ic),
    });
    expect(mrzInformation(citizen)).toBe('T22000129364081251010318');
    expect(shown(cardAccess(citizen)?.bytes())).toBe(ef_card_access);
    const card = createTravelDocument(citizen);
    for (const { command: sent, response } of exchanges)
      expect(shown(card.handle(bytes(sent)))).toBe(response);
  });

  it('BAC: the answer to EXTERNAL AUTHENTICATE, and the session it opens', () => {
    const { rnd_ic, k_ic, ...bac } = z
      .object({
        rnd_ic: text,
        k_ic: text,
        get_challenge_apdu: text,
        external_authenticate_apdu: text,
        response: text,
      })
      .parse(vectors.bac);
    const card = createTravelDocument(
      persona({
        documentNumber: 'L898902C',
        birthDate: '1969-08-06',
        expiryDate: '1994-06-23',
        random: fixedRandom(rnd_ic, k_ic),
      }),
    );
    expect(shown(card.handle(bytes('00A4040C07A0000002471001')))).toBe('9000');
    expect(shown(card.handle(bytes(bac.get_challenge_apdu)))).toBe(`${rnd_ic}9000`);
    expect(shown(card.handle(bytes(bac.external_authenticate_apdu)))).toBe(bac.response);
    const [select] = vectors.secure_messaging_3des.steps;
    expect(shown(card.handle(bytes(select?.protected_command ?? '')))).toBe(select?.protected_response);
  });

  it('3DES secure messaging', () => {
    const { steps, initial_ssc, ...ks } = vectors.secure_messaging_3des;
    const card = session('3DES', { ...ks, ssc: initial_ssc });
    for (const step of steps) {
      expect(unwrapped(card, step.protected_command)).toEqual(plainOf(step.plain_command));
      const plain = bytes(step.plain_response);
      const wrapped = card.wrap({ data: plain.slice(0, -2), sw: 0x9000 }, command(step.plain_command).ins);
      expect(`${shown(wrapped)}9000`).toBe(step.protected_response);
    }
  });

  it('AES secure messaging', () => {
    const { ssc_before, plain_command, protected_command, ...ks } = vectors.secure_messaging_aes128;
    const card = session('AES-128', { ...ks, ssc: ssc_before });
    expect(unwrapped(card, protected_command)).toEqual(plainOf(plain_command));
  });

  it('active authentication: what the signature recovers to', () => {
    const { rnd_ifd, m1, f } = vectors.active_authentication_rsa_sha1;
    expect(shown(recoverable(128, bytes(rnd_ifd), 'sha1', fixedRandom(m1)))).toBe(f);
  });

  it('chip authentication: every answer, and the keys that come after', () => {
    for (const vector of vectors.chip_authentication_ecdh_aes128) {
      const chipPublic = bytes(vector.ef_dg14).slice(-65);
      // The chip's private key is not published; the terminal's side of the agreement gives the same secret.
      const terminal = domainOf(13, fixedRandom(vector.terminal_ephemeral_private))?.begin();
      const agree = (point: Uint8Array) => {
        expect(shown(point)).toBe(vector.terminal_ephemeral_public);
        return terminal?.agree(chipPublic)?.secret;
      };
      const secret = terminal?.agree(chipPublic)?.secret ?? bytes('');
      const after = sessionKeys(suiteOf('AES-128'), secret);
      expect([shown(after.enc), shown(after.mac)]).toEqual([vector.sm_after.ks_enc, vector.sm_after.ks_mac]);

      const chip = new ChipAuthentication('AES-128');
      const before = session('AES-128', vector.sm_before);
      const [choose, authenticate, select] = vector.exchanges.map(({ command: sent }) => command(sent));
      if (!choose || !authenticate || !select) throw new Error('three exchanges');
      const chosen = chip.choose(before.unwrap(choose));
      const answers = [shown(before.wrap(chosen, choose.ins))];
      const renewed = chip.authenticate(before.unwrap(authenticate), agree);
      answers.push(shown(before.wrap(renewed.answer, authenticate.ins)));
      expect(renewed.session?.unwrap(select).ins).toBe(0xa4);
      answers.push(shown(renewed.session?.wrap({ data: bytes(''), sw: 0x9000 }, select.ins)));
      expect(answers.map((answer) => `${answer}9000`)).toEqual(
        vector.exchanges.map(({ response }) => response),
      );
    }
  });
});
