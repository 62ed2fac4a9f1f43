import { randomUUID } from 'node:crypto';
import { CITIZEN_HEADER, CitizenSession, type LoginProof, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { errorsOf, systemRandom } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import type { Selectable } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { allMigrations } from '../schema.ts';
import { openSqliteStore } from '../store/index.ts';
import {
  CardTown,
  GIULIA,
  MARIO,
  OTHER_TENANT,
  TENANT,
  type TestCard,
  type TestTerminal,
  tokenOf,
} from '../testing/index.ts';
import { type CitizenTables, type LoginWay, openLogins } from './index.ts';

type PinProof = Extract<LoginProof, { kind: 'cie-pin' }>;

describe('a citizen who logs in with the card', () => {
  const town = new CardTown({}, { fetchRevocation: failing });
  let terminal: TestTerminal;
  let second: TestTerminal;
  let abroad: TestTerminal;
  let giulia: TestCard;
  let mario: TestCard;

  beforeAll(async () => {
    await town.rig.start();
    giulia = town.card();
    mario = town.card({ holder: MARIO, name: 'mario', nis: '999999999999', documentNumber: 'CA11111BB' });
  });
  let visits = 0;
  // terminals of its own for each test: they may try only so often in a minute
  beforeEach(async () => {
    visits += 1;
    terminal = await town.rig.terminal(`TOTEM-${visits}`);
    second = await town.rig.terminal(`TOTEM-${visits}-B`);
    abroad = await town.rig.terminal(`TOTEM-${visits}`, OTHER_TENANT);
  });
  afterAll(() => town.close());

  const refusal = (problem: string) => ({ result: 'refused', problem });

  it('is who the certificate says, at that level and by that method', async () => {
    const response = await town.login(terminal, giulia);
    expect(response).toMatchObject({
      result: 'verified',
      session: { citizen: { ...GIULIA, birthDate: '1990-01-01' }, method: 'cie-card-local', level: 'pin' },
    });
    const told = await town.who(terminal, tokenOf(response));
    expect(CitizenSession.parse(told.body).citizen).toMatchObject(GIULIA);
  });

  it('may have a health card', async () => {
    const card = town.card({ citizenCa: town.cnsCa, holder: MARIO, name: 'mario' });
    const { loginId, context } = await town.ask(terminal, { method: 'cns-card-local' });
    expect(await town.prove(terminal, loginId, card.cnsProof(context))).toMatchObject({
      result: 'verified',
      session: { citizen: MARIO, method: 'cns-card-local' },
    });
  });

  it('may show the card alone, where the municipality takes that', async () => {
    const { loginId, context } = await town.ask(terminal, { level: 'card' });
    expect(await town.prove(terminal, loginId, giulia.cardProof(context))).toMatchObject({
      result: 'verified',
      session: { citizen: { ...GIULIA, birthDate: '1990-01-01' }, level: 'card' },
    });
  });

  describe('is not believed', () => {
    it('when a proof is sent again, or one that was recorded before', async () => {
      const { loginId, context } = await town.ask(terminal);
      const proof = giulia.pinProof(context);
      expect(await town.prove(terminal, loginId, proof)).toMatchObject({ result: 'verified' });
      expect(await town.prove(terminal, loginId, proof)).toEqual(refusal('challenge-unknown'));
      const fresh = await town.ask(terminal, { sessionId: context.sessionId });
      expect(await town.prove(terminal, fresh.loginId, proof)).toEqual(refusal('signature-wrong'));
    });

    it('a second time on a challenge that was answered wrongly', async () => {
      const { loginId, context } = await town.ask(terminal);
      const wrong = { ...giulia.pinProof(context), signature: 'AAAA' };
      expect(await town.prove(terminal, loginId, wrong)).toEqual(refusal('signature-wrong'));
      const right = giulia.pinProof(context);
      expect(await town.prove(terminal, loginId, right)).toEqual(refusal('challenge-unknown'));
    });

    it('with a challenge of another tenant, terminal or session', async () => {
      const mine = await town.ask(terminal);
      for (const other of [second, abroad]) {
        const proof = giulia.pinProof(mine.context);
        expect(await town.prove(other, mine.loginId, proof)).toEqual(refusal('challenge-unknown'));
        const theirs = await town.ask(other);
        expect(await town.prove(other, theirs.loginId, proof)).toEqual(refusal('signature-wrong'));
      }
      const elsewhere = giulia.pinProof({ ...mine.context, sessionId: randomUUID() });
      expect(await town.prove(terminal, mine.loginId, elsewhere)).toEqual(refusal('signature-wrong'));
    });

    it('too late, or after the terminal asked again', async () => {
      const late = await town.ask(terminal);
      town.rig.clock.advance(60_001);
      const proof = giulia.pinProof(late.context);
      expect(await town.prove(terminal, late.loginId, proof)).toEqual(refusal('challenge-expired'));
      const before = await town.ask(terminal);
      await town.ask(terminal);
      const old = giulia.pinProof(before.context);
      expect(await town.prove(terminal, before.loginId, old)).toEqual(refusal('challenge-unknown'));
    });

    it('with the certificate of one card and the signature of another', async () => {
      const tamper = (proof: PinProof) => ({ ...proof, certificate: mario.certificate.toString('base64') });
      expect(await town.login(terminal, giulia, { tamper })).toEqual(refusal('signature-wrong'));
    });

    it('with the security object or the NIS of another card', async () => {
      const sod = mario.sod.toString('base64');
      const whole = (proof: PinProof) => ({ ...proof, sod, nis: mario.nis });
      expect(await town.login(terminal, giulia, { tamper: whole })).toEqual(refusal('sod-mismatch'));
      const nis = (proof: PinProof) => ({ ...proof, nis: mario.nis });
      expect(await town.login(terminal, giulia, { tamper: nis })).toEqual(refusal('sod-mismatch'));
    });

    it('at another level or by another method than was asked for', async () => {
      const pin = await town.ask(terminal);
      expect(await town.prove(terminal, pin.loginId, giulia.cardProof(pin.context))).toEqual(
        refusal('method-not-accepted'),
      );
      const card = await town.ask(terminal, { level: 'card' });
      expect(await town.prove(terminal, card.loginId, giulia.pinProof(card.context))).toEqual(
        refusal('method-not-accepted'),
      );
      const cns = await town.ask(terminal, { method: 'cns-card-local' });
      expect(await town.prove(terminal, cns.loginId, giulia.pinProof(cns.context))).toEqual(
        refusal('method-not-accepted'),
      );
    });

    it('with a CIE certificate as a health card, or the other way round', async () => {
      const { loginId, context } = await town.ask(terminal, { method: 'cns-card-local' });
      expect(await town.prove(terminal, loginId, giulia.cnsProof(context))).toEqual(
        refusal('certificate-untrusted'),
      );
      const health = town.card({ citizenCa: town.cnsCa });
      expect(await town.login(terminal, health)).toEqual(refusal('certificate-untrusted'));
    });

    it.each([
      ['expired', { to: -1 }],
      ['not yet valid', { from: 60_000 }],
    ])('with a certificate that is %s', async (_, over) => {
      const now = town.rig.clock.now();
      const certificate = Object.fromEntries(Object.entries(over).map(([key, ms]) => [key, now + ms]));
      expect(await town.login(terminal, town.card({ certificate }))).toEqual(refusal('certificate-expired'));
    });

    it.each([
      ['is for signing documents', { keyUsage: 0x40 }],
      ['is for other machines only', { extendedKeyUsage: '1.3.6.1.5.5.7.3.1' }],
      ['is a CA', { ca: {} }],
    ])('with a certificate of the right CA that %s', async (_, certificate) => {
      expect(await town.login(terminal, town.card({ certificate }))).toEqual(
        refusal('certificate-untrusted'),
      );
    });

    it('without a valid fiscal code, or with two', async () => {
      const wrong = { fiscalCode: 'BNCGLI90A41G999X', givenName: 'Giulia', familyName: 'Bianchi' };
      expect(await town.login(terminal, town.card({ holder: wrong }))).toEqual(
        refusal('identity-unreadable'),
      );
      const subject = [
        ['CN', `${GIULIA.fiscalCode}/1`],
        ['serialNumber', `TINIT-${MARIO.fiscalCode}`],
      ] as const;
      expect(await town.login(terminal, town.card({ certificate: { subject } }))).toEqual(
        refusal('identity-unreadable'),
      );
    });
  });

  it('may see the session end: by logout, by time, by the next citizen', async () => {
    const first = tokenOf(await town.login(terminal, giulia));
    expect((await town.logout(terminal, first)).status).toBe(204);
    expect((await town.who(terminal, first)).body).toMatchObject({ code: 'CITIZEN_NEEDED', status: 401 });
    expect((await town.logout(terminal, first)).status).toBe(204);

    const timed = tokenOf(await town.login(terminal, giulia));
    town.rig.clock.advance(15 * 60_000 - 1);
    expect((await town.who(terminal, timed)).status).toBe(200);
    town.rig.clock.advance(1);
    expect((await town.who(terminal, timed)).body).toMatchObject({ code: 'CITIZEN_NEEDED' });

    const left = tokenOf(await town.login(terminal, giulia));
    await town.ask(terminal);
    expect((await town.who(terminal, left)).body).toMatchObject({ code: 'CITIZEN_NEEDED' });
  });

  it('keeps the session while the same visit asks for another login, until that one is verified', async () => {
    const sessionId = randomUUID();
    const before = tokenOf(await town.login(terminal, giulia, { sessionId }));
    const again = await town.ask(terminal, { sessionId });
    expect((await town.who(terminal, before)).status).toBe(200);
    await town.prove(terminal, again.loginId, mario.pinProof(again.context));
    expect((await town.who(terminal, before)).body).toMatchObject({ code: 'CITIZEN_NEEDED' });
  });

  it('gets no session from a proof still being judged when the next citizen comes', async () => {
    let answer: (error: unknown) => void = () => undefined;
    const fetchRevocation = () => new Promise<never>((_, reject) => (answer = reject));
    const slow = new CardTown({}, { fetchRevocation });
    await slow.rig.start();
    const there = await slow.rig.terminal();
    const card = slow.card({ certificate: { crlUrl: 'http://ca.example/crl' } });
    const first = await slow.ask(there);
    const judging = slow.prove(there, first.loginId, card.pinProof(first.context));
    await slow.ask(there);
    await failing().catch((error: unknown) => answer(error));
    expect(await judging).toEqual(refusal('challenge-unknown'));
    expect((await audit(slow)).map(({ outcome }) => outcome)).toEqual(['challenge-unknown']);
    await slow.close();
  });

  it('is not in the books as verified when the next one comes while the line is written', async () => {
    const { tenantId } = terminal;
    let next: () => void = () => undefined;
    const store = await openSqliteStore(':memory:', allMigrations);
    const way: LoginWay = {
      method: 'cie-card-local',
      levels: () => ['pin'],
      verify: async () => {
        // the line's number is drawn after the judgement and before it is written
        next = () => {
          next = () => undefined;
          logins.challenge(terminal, { method: 'cie-card-local', level: 'pin', sessionId: randomUUID() });
        };
        return { citizen: { ...GIULIA, birthDate: '1990-01-01' }, revocation: 'crl' };
      },
    };
    const settings = { citizens: town.settings, timeZone: 'Europe/Rome' };
    const random = (count: number) => {
      next();
      return systemRandom(count);
    };
    const tenants = new Map([[tenantId, settings]]);
    const logins = openLogins({ store, clock: town.clock, random, ways: [way], tenants });
    const asked = { method: 'cie-card-local', level: 'pin', sessionId: randomUUID() } as const;
    const { loginId } = logins.challenge(terminal, asked);
    const proof = { kind: 'cns-pin', certificate: 'AAAA', signature: 'AAAA' } as const;
    expect(await logins.prove(terminal, loginId, proof)).toEqual(refusal('challenge-unknown'));
    const rows = await store.of<CitizenTables>().selectFrom('login_audit').selectAll().execute();
    expect(rows.map(({ outcome, revocation }) => [outcome, revocation])).toEqual([
      ['challenge-unknown', null],
    ]);
    await store.close();
  });

  it('is in the books for as long as the settings say, and no longer', async () => {
    const short = new CardTown({}, {}, { logins: { revocationKeepHours: 24, auditDays: 30 } });
    await short.rig.start();
    const outcomes = async () => (await audit(short)).map(({ outcome }) => outcome);
    await short.login(await short.rig.terminal(), short.card());
    short.clock.advance(30 * 86_400_000);
    await short.rig.server.start();
    await vi.waitFor(async () => expect(await outcomes()).toEqual(['verified']));
    // second by second: a replica that sleeps for a minute has lost its duty
    const passing = async () => {
      short.clock.advance(1_000);
      expect(await outcomes()).toEqual([]);
    };
    await vi.waitFor(passing, { timeout: 25_000, interval: 20 });
    await short.close();
  });

  describe('as a service sees it', () => {
    const called = (at: TestTerminal, token: string) =>
      ({
        terminal: { tenantId: at.tenantId, terminalId: at.terminalId },
        headers: { [CITIZEN_HEADER]: token },
      }) as Partial<FastifyRequest> as FastifyRequest;
    const withCard = async (at: TestTerminal) => {
      const { loginId, context } = await town.ask(at, { level: 'card' });
      return called(at, tokenOf(await town.prove(at, loginId, giulia.cardProof(context))));
    };
    const citizens = () => town.rig.server.citizens;

    it('has shown the PIN, unless the service takes the card alone', async () => {
      const request = await withCard(terminal);
      expect(() => citizens().citizenOf(request)).toThrow(
        expect.objectContaining({ code: 'LOGIN_NOT_ENOUGH' }),
      );
      expect(citizens().citizenOf(request, { levels: ['pin', 'card'] }).level).toBe('card');
      const other = await withCard(second);
      expect(() => citizens().citizenOf(other, { levels: ['card'], methods: ['cns-card-local'] })).toThrow(
        expect.objectContaining({ code: 'LOGIN_NOT_ENOUGH' }),
      );
      const pin = called(abroad, tokenOf(await town.login(abroad, giulia)));
      expect(citizens().citizenOf(pin).level).toBe('pin');
    });

    it('is of the session that the service names', async () => {
      const sessionId = randomUUID();
      const request = called(terminal, tokenOf(await town.login(terminal, giulia, { sessionId })));
      expect(citizens().citizenOf(request, { sessionId }).sessionId).toBe(sessionId);
      expect(() => citizens().citizenOf(request, { sessionId: randomUUID() })).toThrow(
        expect.objectContaining({ code: 'CITIZEN_NEEDED' }),
      );
    });
  });

  it('has a token that is worth nothing on another terminal, and cannot be ended from there', async () => {
    const token = tokenOf(await town.login(terminal, giulia));
    for (const other of [second, abroad]) {
      expect((await town.who(other, token)).body).toMatchObject({ code: 'CITIZEN_NEEDED' });
      await town.logout(other, token);
    }
    expect((await town.who(terminal, token)).status).toBe(200);
    expect((await town.who(terminal, `${token.slice(0, -1)}_`)).body).toMatchObject({
      code: 'CITIZEN_NEEDED',
    });
    expect((await terminal.call('GET', TERMINAL_ROUTES.citizen)).body).toMatchObject({
      code: 'CITIZEN_NEEDED',
    });
  });

  it('loses nothing to a terminal that asks without end', async () => {
    const mine = await town.ask(terminal);
    const answers = [];
    for (let times = 0; times < 40; times += 1) {
      const body = { method: 'cie-card-local', level: 'pin', sessionId: randomUUID() };
      answers.push(await second.call('POST', TERMINAL_ROUTES.logins, body));
    }
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    expect(await town.prove(terminal, mine.loginId, giulia.pinProof(mine.context))).toMatchObject({
      result: 'verified',
    });
  });

  it('leaves a line in the books that says nothing of who', async () => {
    await town.login(terminal, giulia);
    const rows = await audit(town);
    expect(rows.find((row) => row.terminal_id === terminal.terminalId)).toEqual({
      tenant_id: TENANT,
      audit_id: expect.any(String),
      terminal_id: terminal.terminalId,
      at: town.rig.clock.now(),
      method: 'cie-card-local',
      level: 'pin',
      outcome: 'verified',
      revocation: 'unchecked',
    });
    expect(new Set(rows.map(({ outcome }) => outcome))).toContain('sod-mismatch');
    const files = await town.rig.remembered();
    expect(files.some((content) => content.includes('cie-card-local'))).toBe(true);
    for (const secret of [
      GIULIA.fiscalCode,
      'Giulia',
      'Bianchi',
      giulia.nis,
      MARIO.fiscalCode,
      'CA00000AA',
    ]) {
      expect(files.filter((content) => content.includes(secret))).toEqual([]);
    }
  });

  it('is not in the log either, whatever goes wrong', async () => {
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    const loud = new CardTown({}, { logLevel: 'debug', fetchRevocation: failing });
    try {
      await loud.rig.start();
      const there = await loud.rig.terminal();
      const card = loud.card({ certificate: { crlUrl: 'http://ca.example/crl' } });
      await loud.login(there, card);
      await loud.login(there, card, { tamper: (proof) => ({ ...proof, nis: '000000000000' }) });
      const { loginId, context } = await loud.ask(there);
      const text = JSON.stringify({ ...card.pinProof(context), kind: 'cie-pni', more: GIULIA });
      const target = TERMINAL_ROUTES.loginProof.replace(':id', loginId);
      const wrong = await there.call('POST', target, JSON.parse(text));
      expect(wrong.body).toMatchObject({ code: 'BODY_INVALID' });
      const token = tokenOf(await loud.login(there, card));
      await loud.who(there, token);
      expect(lines.join('')).toContain('revocation not to be had');
      for (const secret of [GIULIA.fiscalCode, 'Giulia', 'Bianchi', card.nis, token]) {
        expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      }
    } finally {
      write.mockRestore();
      await loud.close();
    }
  });
});

async function audit(town: CardTown): Promise<Selectable<CitizenTables['login_audit']>[]> {
  const store = await town.rig.look();
  const rows = await store
    .of<CitizenTables>()
    .selectFrom('login_audit')
    .selectAll()
    .orderBy('audit_id')
    .execute();
  await store.close();
  return rows;
}

/** The way the network fails. */
async function failing(): Promise<never> {
  throw errorsOf({ REVOCATION_UNREACHABLE: { cause: 'no answer', retry: 'later' } })(
    'REVOCATION_UNREACHABLE',
  );
}
