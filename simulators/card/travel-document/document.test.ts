import { constants, createPublicKey, generateKeyPairSync, publicDecrypt, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaceOffer, TravelPersona } from '../applet.ts';
import { domainOf } from './agreement.ts';
import { createTravelDocument } from './document.ts';
import { mrzSecret, zoneName } from './mrz.ts';
import { samplePhoto } from './sample-photo.ts';
import { bytes, persona, shown } from './test-persona.ts';
import { paceWith, type TerminalSession, terminalSession } from './test-terminal.ts';
import { ascii, joined, objectIn, readAll, tlv } from './tlv.ts';

const AID = bytes('A0000002471001');
const can = ascii('123456');
const offer = { mapping: 'ECDH-GM', cipher: 'AES-128', parameterId: 13 } as const;

function opened(over: Partial<TravelPersona> = {}) {
  const card = createTravelDocument(persona(over));
  const { session } = paceWith(card, over.pace?.[0] ?? offer, 2, can);
  if (!session) throw new Error('PACE did not open');
  expect(session.send('00A4040C', AID).sw).toBe('9000');
  return { card, session };
}

/** A whole file by its short number, as a reader does: by offset until the card says that it ends. */
function readFile(session: TerminalSession, sfi: number, le = 0xdf): Uint8Array {
  let file = bytes('');
  for (let first = true; ; first = false) {
    const head = first
      ? `00B0${(0x80 | sfi).toString(16)}00`
      : `00B0${file.length.toString(16).padStart(4, '0')}`;
    const { data, sw } = session.send(head, undefined, le);
    file = joined(file, data);
    if (sw !== '9000') return file;
  }
}

describe('PACE', () => {
  const ciphers = ['3DES', 'AES-128', 'AES-192', 'AES-256'] as const;
  const offers: PaceOffer[] = [
    ...[12, 13, 15, 16].flatMap((parameterId) =>
      ciphers.map((cipher) => ({ mapping: 'ECDH-GM' as const, cipher, parameterId })),
    ),
    ...[0, 1, 2].flatMap((parameterId) =>
      ciphers.map((cipher) => ({ mapping: 'DH-GM' as const, cipher, parameterId })),
    ),
  ];

  it.each(offers)('$mapping $cipher, parameters $parameterId: opens with CAN and MRZ', (pace) => {
    const citizen = persona({ pace: [pace] });
    for (const [reference, password] of [
      [2, can],
      [1, mrzSecret(citizen)],
    ] as const) {
      const { session, sw } = paceWith(createTravelDocument(citizen), pace, reference, password);
      expect(sw).toBe('9000');
      expect(session?.send('00A4040C', AID).sw).toBe('9000');
      expect(shown(session?.send('00B09E00', undefined, 4).data)).toBe('60155F01');
    }
  });

  it('answers a wrong CAN with 6300, and the right one opens afterwards', () => {
    const card = createTravelDocument(persona());
    expect(paceWith(card, offer, 2, ascii('123457'))).toEqual({ sw: '6300' });
    expect(shown(card.handle(bytes('0CB09C000D9701048E08000000000000000000')))).toBe('nothing');
    expect(paceWith(card, offer, 2, can).sw).toBe('9000');
  });

  it('knows no PIN, no protocol that it does not list, and wants the parameters named when it lists two', () => {
    const other = { ...offer, parameterId: 12 } as const;
    const card = createTravelDocument(persona({ pace: [offer, other] }));
    expect(paceWith(card, offer, 3, can).sw).toBe('6A88');
    expect(paceWith(card, { ...offer, cipher: 'AES-256' }, 2, can).sw).toBe('6A80');
    expect(shown(card.handle(bytes('0022C1A40F800A04007F00070202040202830102')))).toBe('6A80');
    expect(paceWith(card, other, 2, can).sw).toBe('9000');
  });

  it('refuses steps out of order, points off the curve and its own key', () => {
    const card = createTravelDocument(persona());
    const step = (hex: string) => shown(card.handle(bytes(hex)));
    const choose = '0022C1A40F800A04007F00070202040202830102';
    expect(step('10860000027C0000')).toBe('6985');
    step(choose);
    expect(step(`10860000457C438141${'04'.padEnd(130, '1')}00`)).toBe('6A80');
    step(choose);
    step('10860000027C0000');
    expect(step(`10860000457C438141${'04'.padEnd(130, '1')}00`)).toBe('6A80');
    expect(step('10860000027C0000')).toBe('6985');
    const domain = domainOf(13, persona().random)?.begin();
    expect(domain?.agree(domain.publicKey)).toBeUndefined();
  });

  it('cannot be offered in a way the emulator does not know', () => {
    expect(() => createTravelDocument(persona({ pace: [{ ...offer, mapping: 'ECDH-IM' }] }))).toThrow(
      /no PACE/,
    );
    expect(() => createTravelDocument(persona({ pace: [{ ...offer, parameterId: 17 }] }))).toThrow(/no PACE/);
  });
});

describe('what is the travel document’s and what is not', () => {
  const card = () => createTravelDocument(persona());
  const ask = (applet: ReturnType<typeof card>, hex: string) => shown(applet.handle(bytes(hex)));

  it('shows EF.CardAccess after the master file was selected, and not before', () => {
    const applet = card();
    expect(ask(applet, '00B09C0004')).toBe('6982');
    expect(ask(applet, '00A4000C')).toBe('9000');
    expect(ask(applet, '00B09C0004')).toBe('311430129000');
    expect(ask(applet, '00B0000400')).toBe('060A04007F0007020204020202010202010D9000');
    expect(ask(applet, '00B0001008')).toBe('02010202010D6282');
    expect(ask(applet, '00B0001608')).toBe('6B00');
    expect(ask(applet, '00A4000C023F00')).toBe('9000');
    expect(ask(applet, '00A4020C02011C')).toBe('9000');
    expect(ask(applet, '00B0000002')).toBe('31149000');
    expect(ask(applet, '00A4020C02011D')).toBe('6A82');
    applet.reset();
    expect(ask(applet, '00B09C0004')).toBe('6982');
  });

  it('has no EF.CardAccess without PACE, and BAC alone opens it', () => {
    const citizen = persona({ pace: [] });
    const applet = createTravelDocument(citizen);
    ask(applet, '00A4000C');
    expect(ask(applet, '00A4020C02011C')).toBe('6A82');
    expect(ask(applet, '00B09C0004')).toBe('6A82');
    expect(ask(applet, '0022C1A40F800A04007F00070202040202830102')).toBe('nothing');
  });

  it('leaves the identity application alone, and is left by its selects', () => {
    const applet = card();
    for (const hex of [
      '0020008108',
      '00CB3FFF00',
      '00B0810000',
      '00B0000000',
      '00880000',
      '002241A400',
      'FF',
    ])
      expect(ask(applet, hex)).toBe('nothing');
    ask(applet, '00A4040C07A0000002471001');
    expect(ask(applet, '00B0810000')).toBe('6982');
    expect(ask(applet, '00A4020C02011E')).toBe('6982');
    expect(ask(applet, '00CB3FFF00')).toBe('6D00');
    for (const root of ['00A40000', '00A4040C0DA0000000308000000009816001', '00A4040C06A00000000039']) {
      ask(applet, '00A4040C07A0000002471001');
      expect(ask(applet, root)).toBe('nothing');
      expect(ask(applet, '00B0810000')).toBe('nothing');
    }
  });

  it('ends its session at a plain command, a wrong MAC and a reset', () => {
    for (const end of ['00A40000', '00B0000004', '0CB000000D9701048E08000000000000000000']) {
      const { card: applet, session } = opened();
      applet.handle(bytes(end));
      expect(shown(applet.handle(session.wrapped('00B09E00', undefined, 4)))).toMatch(/^(6988|nothing)$/);
    }
    const { card: applet, session } = opened();
    applet.reset();
    expect(shown(applet.handle(session.wrapped('00B09E00', undefined, 4)))).toBe('nothing');
  });

  it('takes long commands only when it may', () => {
    const long = bytes('00A4040C000007A0000002471001');
    expect(shown(createTravelDocument(persona()).handle(long))).toBe('9000');
    const short = createTravelDocument(persona(), { extendedLength: false });
    expect(short.handle(long)).toBeUndefined();
    short.handle(bytes('00A4040C07A0000002471001'));
    expect(shown(short.handle(long))).toBe('6700');
  });

  it('answers a long command in one piece, and a short one in two', () => {
    const pace = { mapping: 'DH-GM', cipher: 'AES-128', parameterId: 2 } as const;
    const applet = createTravelDocument(persona({ pace: [pace] }));
    const key = domainOf(2, persona().random)?.begin().publicKey ?? bytes('');
    const begin = () => {
      expect(ask(applet, '0022C1A40F800A04007F00070202040102830102')).toBe('9000');
      expect(ask(applet, '10860000027C0000')).toMatch(/^7C128010.{32}9000$/);
    };
    const data = tlv(0x7c, tlv(0x81, key));
    const length = data.length.toString(16).padStart(4, '0');
    begin();
    const whole = ask(applet, `1086000000${length}${shown(data)}0000`);
    expect(whole).toMatch(/^7C8201048282010{2}.{512}9000$/);
    begin();
    expect(ask(applet, `10860000FF${shown(data.slice(0, 255))}`)).toBe('9000');
    const first = ask(
      applet,
      `10860000${(data.length - 255).toString(16).padStart(2, '0')}${shown(data.slice(255))}00`,
    );
    expect(first).toMatch(/6108$/);
    expect(first.length / 2 - 2).toBe(256);
    expect(ask(applet, '00C0000008')).toMatch(/^.{16}9000$/);
    expect(ask(applet, '00C0000008')).toBe('nothing');
  });

  it('survives any bytes', () => {
    const applet = card();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', '00A4000C', '00A4040C07', '0022C1A4', '10860000', '0CB0', '00B1', '0C86'),
        (tail, head) => {
          const answer = applet.handle(joined(bytes(head), tail));
          expect(answer === undefined || answer.length >= 2).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('BAC', () => {
  it('is refused without a challenge, with a used one, and where the card has none', () => {
    const applet = createTravelDocument(persona());
    const ask = (hex: string) => shown(applet.handle(bytes(hex)));
    const authenticate = `0082000028${'00'.repeat(40)}28`;
    ask('00A4040C07A0000002471001');
    expect(ask(authenticate)).toBe('6985');
    ask('0084000008');
    expect(ask(authenticate)).toBe('6300');
    expect(ask(authenticate)).toBe('6985');
    const without = createTravelDocument(persona({ bac: false }));
    without.handle(bytes('00A4040C07A0000002471001'));
    expect(shown(without.handle(bytes('0084000008')))).toBe('6982');
  });
});

describe('secure messaging', () => {
  it('notices any flipped bit of a command, and never answers two alike', () => {
    const answers = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), (flip) => {
        const { card, session } = opened();
        const good = session.wrapped('00A4020C', bytes('0101'));
        const reply = card.handle(good);
        answers.add(shown(reply));
        session.opened(reply?.slice(0, -2) ?? bytes(''), 0xa4);
        const command = session.wrapped('00B00000', undefined, 8);
        // The length byte and what is outside of the MAC's reach apart: header, objects, MAC.
        const places = [1, 2, 3, ...Array.from({ length: command.length - 6 }, (_, at) => at + 5)];
        const place = places[Math.floor(flip / 8) % places.length] ?? 1;
        command[place] = (command[place] ?? 0) ^ (1 << (flip % 8));
        expect(shown(card.handle(command))).toMatch(/^(698[78])$/);
      }),
      { numRuns: 40 },
    );
    expect(answers.size).toBe(40);
  });

  it('takes chained commands and refuses a chain that changes its mind', () => {
    const { session } = opened();
    expect(session.send('10A4020C', bytes('01')).sw).toBe('9000');
    expect(session.send('00A4020C', bytes('01')).sw).toBe('9000');
    expect(shown(session.send('00B00000', undefined, 2).data)).toBe('615D');
    session.send('10A4020C', bytes('01'));
    expect(session.send('00B00000', undefined, 2).sw).toBe('6883');
  });
});

describe('files', () => {
  it('are those EF.COM lists, and fit together', () => {
    const { session } = opened({ photo: samplePhoto() });
    const com = readFile(session, 0x1e);
    expect(shown(objectIn(readAll(objectIn(readAll(com), 0x60) ?? com), 0x5c))).toBe('61756B');
    const zone = Buffer.from(readFile(session, 1).slice(5)).toString('latin1');
    expect(zone.match(/.{30}/g)).toEqual([
      'C<ITACA00000AA4<<<<<<<<<<<<<<<',
      '8001025M3401022ITA<<<<<<<<<<<8',
      'DANCONA<<NICCOLO<MARIA<<<<<<<<',
    ]);
    const face = Buffer.from(readFile(session, 2));
    expect(face.indexOf(samplePhoto())).toBe(face.length - samplePhoto().length);
    const details = objectIn(readAll(readFile(session, 11)), 0x6b);
    const text = (tag: number) => Buffer.from(objectIn(readAll(details ?? com), tag) ?? com).toString('utf8');
    expect([text(0x5f0e), text(0x5f10), text(0x5f2b), text(0x5f11), text(0x5f42)]).toEqual([
      'D’ÀNCONA<<NICCOLÒ<MARIA',
      'DNCNCL80A02H501X',
      '19800102',
      'Roma<RM',
      'Via dei Test 1<Roma',
    ]);
    expect(shown(readFile(session, 0x1d))).toBe('770902010102010202010B');
    expect(session.send('00A4020C', bytes('0103')).sw).toBe('6A82');
    expect(session.send('00CA0000', undefined, 0).sw).toBe('6D00');
  });

  it('behind 7FFF are read with the odd READ BINARY, by offset and by short number', () => {
    const photo = joined(samplePhoto('jpeg'), new Uint8Array(40_000).fill(7));
    const { session } = opened({ photo });
    const whole = 46 + photo.length + 20;
    const at = (hex: string) => session.send('00B10002', bytes(`5402${hex}`), 0xd0);
    const first = readAll(at('0000').data)?.[0];
    expect(first?.tag).toBe(0x53);
    expect(first?.value.length).toBe(0xd0 - 3);
    expect(shown(first?.value.slice(0, 1))).toBe('75');
    const far = readAll(at('9000').data)?.[0]?.value;
    expect(far?.every((byte) => byte === 7)).toBe(true);
    const end = at((whole - 40).toString(16));
    expect(end.sw).toBe('6282');
    expect(at('FFFF').sw).toBe('6B00');
    expect(session.send('00B10000', bytes('54029000'), 0xd0).data.length).toBe(0xd0);
    expect(session.send('00B10000', bytes('53029000'), 0xd0).sw).toBe('6A80');
  });

  it('make the SOD once, and spoil it when the panel says so', () => {
    let badSod = false;
    let signed = 0;
    const { session } = opened({
      trouble: () => ({ badSod, clone: false }),
      signSod: () => {
        signed += 1;
        return bytes('770100');
      },
    });
    expect(shown(readFile(session, 0x1d))).toBe('770100');
    badSod = true;
    expect(shown(readFile(session, 0x1d))).toBe('770101');
    expect(signed).toBe(1);
  });

  it('write names in the zone’s letters', () => {
    expect(zoneName("D'Angelò Müller-Strauß")).toBe('DANGELO<MULLER<STRAUSS');
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => /^[A-Z<]*$/.test(zoneName(name))));
  });
});

describe('active authentication', () => {
  const challenge = bytes('0102030405060708');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' });
  const publicOf = (session: TerminalSession) => {
    const key = objectIn(readAll(readFile(session, 0x0f)), 0x6f) ?? bytes('');
    return createPublicKey({ key: Buffer.from(key), type: 'spki', format: 'der' });
  };

  it.each([1024, 2048])('RSA %i recovers to 6A … 34 CC', (modulusLength) => {
    const { privateKey } = modulusLength === 1024 ? rsa : generateKeyPairSync('rsa', { modulusLength });
    const { session } = opened({ activeAuthentication: privateKey });
    const { data, sw } = session.send('00880000', challenge, 0);
    expect(sw).toBe('9000');
    const key = { key: publicOf(session), padding: constants.RSA_NO_PADDING };
    expect(shown(publicDecrypt(key, data))).toMatch(/^6A.*34CC$/);
    expect(session.send('00880000', bytes('01'), 0).sw).toBe('6700');
  });

  it('ECDSA is plain r and s, its hash named in DG14', () => {
    const { session } = opened({ activeAuthentication: ec.privateKey });
    const { data } = session.send('00880000', challenge, 0);
    const key = { key: publicOf(session), dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', challenge, key, data)).toBe(true);
    expect(shown(readFile(session, 0x0e))).toContain('0606678108010105020101060A04007F00070101040103');
  });

  it('of a clone fails, and a card without the key knows no such command', () => {
    const trouble = () => ({ badSod: false, clone: true });
    const { session } = opened({ activeAuthentication: ec.privateKey, trouble });
    const { data } = session.send('00880000', challenge, 0);
    const key = { key: publicOf(session), dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', challenge, key, data)).toBe(false);
    expect(opened().session.send('00880000', challenge, 0).sw).toBe('6D00');
  });
});

describe('chip authentication', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' });

  function renewed(cipher: PaceOffer['cipher'], clone: boolean) {
    const { card, session } = opened({
      chipAuthentication: { key: privateKey, cipher },
      trouble: () => ({ badSod: false, clone }),
    });
    const dg14 = readFile(session, 0x0e);
    expect(shown(dg14)).toContain('060904007F000702020102');
    const chipPublic = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-65);
    const pair = domainOf(13, persona().random)?.begin();
    const secret = pair?.agree(new Uint8Array(chipPublic))?.secret;
    if (!pair || !secret) throw new Error('no key pair');
    if (cipher === '3DES') {
      expect(session.send('002241A6', tlv(0x91, pair.publicKey)).sw).toBe('9000');
    } else {
      const oid = { 'AES-128': 2, 'AES-192': 3, 'AES-256': 4 }[cipher];
      const protocol = tlv(0x80, bytes(`0400 7F000702020302${oid.toString(16).padStart(2, '0')}`));
      expect(session.send('002241A4', protocol).sw).toBe('9000');
      const reply = session.send('00860000', tlv(0x7c, tlv(0x80, pair.publicKey)), 0);
      expect([shown(reply.data), reply.sw]).toEqual(['7C00', '9000']);
    }
    return terminalSession(card, cipher, secret);
  }

  it.each(['3DES', 'AES-128', 'AES-192', 'AES-256'] as const)('%s: goes on with new keys', (cipher) => {
    expect(shown(renewed(cipher, false).send('00B09E00', undefined, 4).data)).toMatch(/^60..5F01$/);
  });

  it('of a clone: the next command does not verify', () => {
    expect(renewed('AES-128', true).send('00B09E00', undefined, 4).sw).toBe('6988');
  });

  it('wants the protocol named first and a point of the curve', () => {
    const { session } = opened({ chipAuthentication: { key: privateKey, cipher: 'AES-128' } });
    expect(session.send('00860000', tlv(0x7c, tlv(0x80, bytes('04'))), 0).sw).toBe('6985');
    session.send('002241A4', tlv(0x80, bytes('04007F00070202030202')));
    const wrong = tlv(0x80, bytes('04'.padEnd(130, '1')));
    expect(session.send('00860000', tlv(0x7c, wrong), 0).sw).toBe('6A80');
    expect(opened().session.send('002241A4', tlv(0x80, bytes('04007F00070202030202'))).sw).toBe('6A80');
  });
});
