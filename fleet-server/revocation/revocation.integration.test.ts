import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CardTown,
  der,
  type Subject,
  TestAuthority,
  type TestCard,
  type TestTerminal,
} from '../testing/index.ts';
import { revocationFetch } from './index.ts';

const HOUR = 3_600_000;
const SERIAL = 77;
type Answering = () => Buffer | { status: number; location?: string } | 'never' | 'endless';

describe('the word of the authority on revocation', () => {
  let ca: Server;
  let origin = '';
  let list: Answering = () => ({ status: 404 });
  let responder: Answering = () => ({ status: 404 });
  const asked: string[] = [];

  beforeAll(async () => {
    ca = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const answer = request.url === '/ocsp' ? responder() : list();
      if (answer === 'never') return;
      if (answer === 'endless') {
        const more = () => {
          while (response.write(Buffer.alloc(65_536)) && !response.destroyed);
        };
        response.on('drain', more);
        more();
        return;
      }
      if (Buffer.isBuffer(answer)) response.end(answer);
      else {
        const { status, location } = answer;
        response.writeHead(status, location ? { location } : {}).end('x');
      }
    });
    await new Promise<void>((done) => ca.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(ca.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    ca.closeAllConnections();
    ca.close();
  });

  let town: CardTown;
  let terminal: TestTerminal;
  let authority: TestAuthority;
  let card: TestCard;

  async function open(policy: 'strict' | 'soft', over: object = { crlUrl: `${origin}/crl` }): Promise<void> {
    town = new CardTown(
      { revocation: { policy, staleHours: 24 } },
      { fetchRevocation: revocationFetch({ privateAddresses: true, timeoutMs: 1_000 }) },
    );
    await town.rig.start();
    terminal = await town.rig.terminal();
    authority = town.citizenCa;
    card = town.card({ certificate: { serial: SERIAL, ...over } });
  }
  beforeEach(() => {
    asked.length = 0;
    list = () => ({ status: 404 });
    responder = () => ({ status: 404 });
  });
  afterEach(() => town.close());

  const outcome = async () => {
    const response = await town.login(terminal, card);
    return response.result === 'verified' ? 'verified' : response.problem;
  };

  it('is a list, kept until its end', async () => {
    await open('strict');
    list = () => authority.crl({ revoked: [1, 2, 3] });
    expect(await outcome()).toBe('verified');
    expect(await outcome()).toBe('verified');
    expect(asked).toEqual(['GET /crl']);
    town.rig.clock.advance(25 * HOUR);
    const fresh = town.rig.clock.now();
    list = () => authority.crl({ revoked: [SERIAL], from: fresh - HOUR, to: fresh + HOUR });
    expect(await outcome()).toBe('certificate-revoked');
    expect(asked).toHaveLength(2);
  });

  it('is asked for anew after a day, however far its end; the one in hand counts until then', async () => {
    await open('strict');
    const start = town.clock.now();
    const to = start + 4_000 * 24 * HOUR;
    list = () => authority.crl({ from: start - HOUR, to });
    expect(await outcome()).toBe('verified');
    town.rig.clock.advance(24 * HOUR);
    expect(await outcome()).toBe('verified');
    expect(asked).toHaveLength(1);
    town.rig.clock.advance(1);
    list = () => ({ status: 404 });
    expect(await outcome()).toBe('verified');
    expect(asked).toHaveLength(2);
    town.rig.clock.advance(10_000);
    list = () => authority.crl({ revoked: [SERIAL], from: start, to });
    expect(await outcome()).toBe('certificate-revoked');
  });

  it('is asked of the authorities between, too', async () => {
    await open('strict');
    const middle = new TestAuthority('Middle', {
      now: town.clock.now(),
      issuer: authority,
      over: { serial: 500, crlUrl: `${origin}/authorities` },
    });
    town.pem('citizens', authority, middle);
    await town.rig.restart();
    terminal = await town.rig.terminal('TOTEM-02');
    card = town.card({ citizenCa: middle, certificate: { serial: SERIAL, crlUrl: `${origin}/crl` } });
    const lists = { '/crl': () => middle.crl(), '/authorities': () => authority.crl() };
    list = () => lists[asked.at(-1) === 'GET /crl' ? '/crl' : '/authorities']();
    expect(await outcome()).toBe('verified');
    expect([...asked].sort()).toEqual(['GET /authorities', 'GET /crl']);
    town.rig.clock.advance(25 * HOUR);
    const to = town.clock.now() + HOUR;
    lists['/crl'] = () => middle.crl({ to });
    lists['/authorities'] = () => authority.crl({ revoked: [500], to });
    expect(await outcome()).toBe('certificate-revoked');
  });

  it('is asked once for many who wait for it', async () => {
    await open('strict');
    list = () => authority.crl();
    const second = await town.rig.terminal('TOTEM-02');
    const both = await Promise.all([town.login(terminal, card), town.login(second, card)]);
    expect(both.map(({ result }) => result)).toEqual(['verified', 'verified']);
    expect(asked).toEqual(['GET /crl']);
  });

  it('is never asked for a certificate whose chain does not stand', async () => {
    await open('strict');
    const stranger = new TestAuthority('Citizens', {
      now: town.clock.now(),
    });
    card = town.card({
      citizenCa: stranger,
      certificate: { crlUrl: `${origin}/crl`, ocspUrl: `${origin}/ocsp` },
    });
    expect(await outcome()).toBe('certificate-untrusted');
    card = town.card({ certificate: { crlUrl: `${origin}/crl`, to: town.clock.now() - 1 } });
    expect(await outcome()).toBe('certificate-expired');
    expect(asked).toEqual([]);
  });

  describe.each([
    ['strict', 'revocation-unknown'],
    ['soft', 'verified'],
  ] as const)('under the %s policy ends as %s when the list', (policy, expected) => {
    const stranger = () => authority.crl({ by: town.cnsCa });
    it.each<[string, () => Answering]>([
      ['is signed by another', () => stranger],
      ['is of another issuer', () => () => town.cnsCa.crl()],
      ['is of yesterday', () => () => authority.crl({ to: town.clock.now() - HOUR })],
      ['is of tomorrow', () => () => authority.crl({ from: town.clock.now() + HOUR })],
      ['is not there', () => () => ({ status: 404 })],
      ['is garbage', () => () => Buffer.from('<html>maintenance</html>')],
      ['is elsewhere', () => () => ({ status: 302, location: `${origin}/ocsp` })],
      ['is huge', () => () => 'endless'],
      ['never comes', () => () => 'never'],
      [
        'has a critical extension nobody knows',
        () => () =>
          authority.crl({
            extensions: [der.sequence(der.oid('1.2.3.4'), der.boolean(true), der.octets(der.nothing()))],
          }),
      ],
      ['names another issuer', () => () => town.cnsCa.crl({ by: authority })],
      [
        'is of another part of the issuer, in a directory',
        () => () => authority.crl({ extensions: [partFor('ldap://directory.test/cn=7')] }),
      ],
      [
        'is of another part of the issuer',
        () => () => authority.crl({ extensions: [partFor(`${origin}/another`)] }),
      ],
    ])('%s', async (_, answering) => {
      await open(policy);
      list = answering();
      expect(await outcome()).toBe(expected);
      expect(asked).toHaveLength(1);
    });
  });

  it('lets a dead address rest a moment', async () => {
    await open('strict');
    expect(await outcome()).toBe('revocation-unknown');
    expect(await outcome()).toBe('revocation-unknown');
    expect(asked).toHaveLength(1);
    town.rig.clock.advance(10_000);
    list = () => authority.crl();
    expect(await outcome()).toBe('verified');
  });

  it('is final even in an old list, under either policy', async () => {
    await open('soft');
    list = () => authority.crl({ revoked: [SERIAL], to: town.clock.now() - HOUR });
    expect(await outcome()).toBe('certificate-revoked');
  });

  it('does not go back to an older list', async () => {
    await open('soft');
    const now = town.clock.now();
    list = () => authority.crl({ revoked: [SERIAL], from: now - HOUR, to: now - 1 });
    expect(await outcome()).toBe('certificate-revoked');
    list = () => authority.crl({ from: now - 10 * HOUR, to: now + 10 * HOUR });
    expect(await outcome()).toBe('certificate-revoked');
  });

  it('may be of the part that the certificate names', async () => {
    await open('strict');
    list = () => authority.crl({ extensions: [partFor(`${origin}/crl`)] });
    expect(await outcome()).toBe('verified');
  });

  describe('by OCSP', () => {
    const both = () => ({ crlUrl: `${origin}/crl`, ocspUrl: `${origin}/ocsp` });
    const delegate = (over: object = {}) => {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const subject: Subject = [['CN', 'Responder']];
      const use = { extendedKeyUsage: '1.3.6.1.5.5.7.3.9', ...over };
      const certificate = authority.issue({ subject, publicKey: pair.publicKey, ...use });
      return { key: pair.privateKey, subject, certificate };
    };

    it('stands in for a list that cannot be had, and is kept until its end', async () => {
      await open('strict', both());
      responder = () => authority.ocsp({ serial: SERIAL });
      expect(await outcome()).toBe('verified');
      town.rig.clock.advance(10_001);
      expect(await outcome()).toBe('verified');
      expect(asked.filter((line) => line === 'POST /ocsp')).toHaveLength(1);
    });

    it('is asked for anew after a day, however far its end', async () => {
      await open('strict', both());
      responder = () => authority.ocsp({ serial: SERIAL, to: town.clock.now() + 4_000 * 24 * HOUR });
      expect(await outcome()).toBe('verified');
      town.rig.clock.advance(24 * HOUR + 1);
      responder = () => authority.ocsp({ serial: SERIAL, status: 'revoked' });
      expect(await outcome()).toBe('certificate-revoked');
    });

    it('may be signed by a responder of the authority', async () => {
      await open('strict', both());
      responder = () => authority.ocsp({ serial: SERIAL, responder: delegate() });
      expect(await outcome()).toBe('verified');
    });

    it('tells a revocation', async () => {
      await open('soft', both());
      responder = () => authority.ocsp({ serial: SERIAL, status: 'revoked' });
      expect(await outcome()).toBe('certificate-revoked');
    });

    it.each<[string, () => Answering]>([
      ['does not know the certificate', () => () => authority.ocsp({ serial: SERIAL, status: 'unknown' })],
      ['speaks of another one', () => () => authority.ocsp({ serial: 78 })],
      [
        'speaks of that serial of another key',
        () => () => authority.ocsp({ serial: SERIAL, issuerKey: town.cnsCa.publicKey }),
      ],
      ['is out of date', () => () => authority.ocsp({ serial: SERIAL, to: town.clock.now() - 1 })],
      [
        'has no end and is an hour old',
        () => () => authority.ocsp({ serial: SERIAL, from: town.clock.now() - HOUR, to: undefined }),
      ],
      [
        'is signed by a certificate without that use',
        () => () =>
          authority.ocsp({ serial: SERIAL, responder: delegate({ extendedKeyUsage: '1.3.6.1.5.5.7.3.2' }) }),
      ],
      [
        'is signed by an expired responder',
        () => () => authority.ocsp({ serial: SERIAL, responder: delegate({ to: town.clock.now() - 1 }) }),
      ],
      [
        'is signed by a responder of another authority',
        () => () => {
          const foreign = town.cnsCa.issue({
            subject: [['CN', 'Responder']],
            publicKey: town.cnsCa.publicKey,
            extendedKeyUsage: '1.3.6.1.5.5.7.3.9',
          });
          const signer = {
            key: town.cnsCa.key,
            subject: [['CN', 'Responder']] as Subject,
            certificate: foreign,
          };
          return authority.ocsp({ serial: SERIAL, responder: signer });
        },
      ],
      [
        'is signed by the citizen’s own authority in name only',
        () => () =>
          authority.ocsp({
            serial: SERIAL,
            responder: {
              key: town.cnsCa.key,
              subject: authority.subject,
              certificate: authority.certificate,
            },
          }),
      ],
      ['is garbage', () => () => Buffer.from('3003', 'hex')],
      ['refuses', () => () => der.sequence(der.tlv(0x0a, Buffer.from([6])))],
    ])('is no word when it %s', async (_, answering) => {
      await open('strict', both());
      responder = answering();
      expect(await outcome()).toBe('revocation-unknown');
      expect(asked).toContain('POST /ocsp');
    });
  });

  it('is not to be had for a certificate that names no address', async () => {
    await open('strict', {});
    expect(await outcome()).toBe('revocation-unknown');
  });
});

describe('addresses in certificates', () => {
  const fetch = revocationFetch({ privateAddresses: false, timeoutMs: 500 });
  it.each([
    'http://127.0.0.1/crl',
    'http://10.1.2.3/crl',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/crl',
    'http://[::ffff:10.0.0.1]/crl',
    'http://[fd00::1]/crl',
    'http://2130706433/crl',
    'http://0x7f.1/crl',
    'http://localhost/crl',
    'http://user:secret@example.com/crl',
    'file:///etc/passwd',
    'ldap://directory.example/cn=x',
    'not an address',
  ])('like %s are not asked in production', async (url) => {
    await expect(fetch({ url, maxBytes: 10 })).rejects.toMatchObject({ code: 'REVOCATION_ADDRESS_REFUSED' });
  });
});

function partFor(url: string): Buffer {
  const name = der.tlv(0xa0, der.tlv(0xa0, der.tlv(0x86, Buffer.from(url))));
  return der.sequence(der.oid('2.5.29.28'), der.boolean(true), der.octets(der.sequence(name)));
}
