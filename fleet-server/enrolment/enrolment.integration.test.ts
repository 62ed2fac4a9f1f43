import { createHash, sign } from 'node:crypto';
import { EnrolmentAnswer, LinkAccess, rotationProof, SIGNATURE_HEADERS } from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CENTRE } from '../sealing/index.ts';
import { type Answer, Rig, TENANT, type TestPerson, TestTerminal } from '../testing/index.ts';

import type { EnrolmentTables } from './tables.ts';

const UNKNOWN = 'unknown';
const ASK = '/api/v1/enrolment/ask';

let rig: Rig;
let staff: TestPerson;

beforeEach(async () => {
  rig = await new Rig().start();
  staff = await rig.signIn();
});
afterEach(() => rig.close());

/** A machine out of its box: a key, and no name yet. */
class NewMachine {
  readonly terminal = new TestTerminal(rig, UNKNOWN, UNKNOWN);

  async ask(more: Record<string, unknown> = {}): Promise<EnrolmentAnswer> {
    return EnrolmentAnswer.parse((await this.askRaw(more)).body);
  }
  askRaw(more: Record<string, unknown> = {}): Promise<Answer> {
    const { publicKey } = this.terminal;
    return this.terminal.call('POST', ASK, { publicKey, software: '0.1.0', ...more });
  }
  async code(more: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.ask(more);
    if (answer.state !== 'waiting') throw new Error(answer.state);
    return answer.code;
  }
  /** Signs as the terminal it has become. */
  call(method: 'GET' | 'POST', target: string, body?: unknown, as = 'PO-01'): Promise<Answer> {
    return this.terminal.as(TENANT, as).call(method, target, body);
  }
}

const tenant = (id: string) => ({
  id,
  name: `Comune di ${id}`,
  timeZone: 'Europe/Rome',
  creditorTaxCode: '77777777777',
  citizens: { methods: [], withoutPin: [] },
});
const accept = (code: string, body: unknown) => staff.post(`/console/api/enrolments/${code}/accept`, body);
const act = (id: string, what: string) =>
  staff.post(`/console/api/terminals/${id}/enrolment`, { act: what, note: 'per prova' });

describe('enrolment by code', () => {
  it('shows a code, is accepted, and opens everything', async () => {
    const machine = new NewMachine();
    const first = await machine.ask({ hostname: 'totem' });
    expect(first).toMatchObject({ state: 'waiting', again: 10 });
    if (first.state !== 'waiting') return;
    expect(first.url).toBe(`http://127.0.0.1:0/console/#/enrol/${first.code}`);
    const digest = createHash('sha256').update(Buffer.from(machine.terminal.publicKey, 'base64url'));
    expect(first.fingerprint.replaceAll(' ', '')).toBe(digest.digest('hex').slice(0, 12));
    expect(await machine.ask()).toMatchObject({ code: first.code });
    expect((await machine.call('GET', '/api/v1/link')).status).toBe(401);

    const seen = await staff.get(`/console/api/enrolments/${first.code}`);
    expect(seen.body).toMatchObject({ fingerprint: first.fingerprint, from: '127.0.0.1' });
    const taken = await accept(first.code, { terminalId: 'PO-01', siteName: 'Anagrafe' });
    expect(taken.body).toEqual({ tenantId: TENANT, terminalId: 'PO-01' });
    const now = await machine.ask();
    expect(now).toMatchObject({ state: 'accepted', tenantId: TENANT, terminalId: 'PO-01', site: 'Anagrafe' });
    const link = LinkAccess.parse((await machine.call('GET', '/api/v1/link')).body);
    expect(link.urls).toEqual(['ws://127.0.0.1:0/mqtt']);
    expect(now).toMatchObject({ link });
    expect((await accept(first.code, { terminalId: 'PO-02' })).body).toMatchObject({
      code: 'ENROLMENT_CODE_UNKNOWN',
    });
    const sites = (await staff.get('/console/api/sites')).body;
    expect(sites).toMatchObject([{ name: 'Anagrafe' }]);
  });

  it('keeps a code for an hour after the last question', async () => {
    const machine = new NewMachine();
    const code = await machine.code();
    rig.clock.advance(3_500_000);
    expect(await machine.code()).toBe(code);
    rig.clock.advance(3_600_000);
    expect((await accept(code, { terminalId: 'PO-01' })).status).toBe(404);
    expect(await machine.code()).not.toBe(code);
  });

  it('lists a code nowhere, but for the municipality that the terminal names', async () => {
    const list = async () => (await staff.get('/console/api/enrolments')).body;
    await new NewMachine().code();
    expect(await list()).toEqual([]);
    const ours = await new NewMachine().code({ tenantHint: TENANT });
    expect(await list()).toMatchObject([{ code: ours }]);
    const theirs = await new NewMachine().code({ tenantHint: 'altrove' });
    expect(await list()).toHaveLength(1);
    expect((await accept(theirs, { terminalId: 'PO-01' })).body).toMatchObject({
      code: 'ENROLMENT_CODE_UNKNOWN',
    });
  });

  it('can be refused', async () => {
    const machine = new NewMachine();
    await staff.post(`/console/api/enrolments/${await machine.code()}/refuse`, {});
    expect(await machine.ask()).toEqual({ state: 'refused' });
    rig.clock.advance(3_600_000);
    expect(await machine.ask()).toMatchObject({ state: 'waiting' });
  });

  it('believes nobody who asks for a key of another, or with a name', async () => {
    const machine = new NewMachine();
    const other = new NewMachine();
    const body = { publicKey: other.terminal.publicKey, software: '1' };
    expect((await machine.terminal.call('POST', ASK, body)).body).toMatchObject({
      code: 'SIGNATURE_REFUSED',
    });
    const named = machine.terminal.as(TENANT, 'PO-01');
    const own = { publicKey: machine.terminal.publicKey, software: '1' };
    expect((await named.call('POST', ASK, own)).body).toMatchObject({ code: 'SIGNATURE_REFUSED' });
    expect((await rig.inject('POST', ASK)).body).toMatchObject({ code: 'NOT_SIGNED' });
    const late = JSON.stringify(own);
    const headers = machine.terminal.headers('POST', ASK, late, { timestamp: rig.clock.now() - 300_001 });
    const answer = await rig.inject('POST', ASK, headers, late);
    expect(answer.body).toMatchObject({ code: 'CLOCK_SKEW' });
    expect(headers[SIGNATURE_HEADERS.tenant]).toBe(UNKNOWN);
  });

  /** As rows: made by asking they would take a minute. */
  const made = (count: number, from: (each: number) => string, hint: string | null = null) =>
    rig.store
      .of<EnrolmentTables>()
      .insertInto('pending_enrolment')
      .values(
        Array.from({ length: count }, (_, each) => ({
          tenant_id: CENTRE,
          public_key: `${hint ?? 'made'}-${each}`,
          code: `${hint === null ? 'M' : 'H'}${String(each).padStart(7, '0')}`,
          hint_tenant: hint,
          serial: null,
          hostname: null,
          software: '1',
          asked_at: rig.clock.now(),
          expires_at: rig.clock.now() + 3_600_000,
          asked_from: from(each),
          state: 'waiting' as const,
          looked_at: null,
        })),
      )
      .execute();
  const waiting = async () =>
    Number(
      (
        await rig.store
          .of<EnrolmentTables>()
          .selectFrom('pending_enrolment')
          .select((each) => each.fn.countAll<number | string>().as('all'))
          .executeTakeFirstOrThrow()
      ).all,
    );

  it('has room for a real one whatever somebody makes up', async () => {
    const early = new NewMachine();
    const code = await early.code();
    rig.clock.advance(1_000);
    // from a household’s IPv6, each from an address of its own, and from four others
    await made(450, (each) =>
      each < 90 ? `2001:db8:0:1:${each.toString(16)}::1` : `198.51.100.${Math.floor(each / 90)}`,
    );
    expect(await new NewMachine().ask()).toMatchObject({ state: 'waiting' });
    expect(await new NewMachine().ask({ tenantHint: TENANT })).toMatchObject({ state: 'waiting' });
    expect(await waiting(), 'the one without a municipality drove one of the made up out').toBe(452);
    await made(48, (each) => `203.0.113.${each}`, TENANT);
    for (let each = 0; each < 20; each++) await new NewMachine().code();
    expect(await waiting()).toBe(500);
    expect(await early.code(), 'who had most addresses lost, not who waited longest').toBe(code);
  });

  it('keeps who is looked at, and of one address the newest hundred', async () => {
    const first = new NewMachine();
    const code = await first.code();
    expect((await staff.get(`/console/api/enrolments/${code}`)).status).toBe(200);
    rig.clock.advance(1_000);
    await made(99, () => '127.0.0.1');
    await new NewMachine().code();
    expect(await waiting()).toBe(100);
    expect(await first.code()).toBe(code);
    const all = rig.store.of<EnrolmentTables>().updateTable('pending_enrolment');
    await all.set({ looked_at: rig.clock.now() }).execute();
    expect((await new NewMachine().askRaw()).body).toMatchObject({ code: 'ENROLMENT_FULL' });
    rig.clock.advance(3_600_000);
    await new NewMachine().code();
  });

  it('takes no id twice, and no key twice', async () => {
    const machine = new NewMachine();
    await accept(await machine.code(), { terminalId: 'PO-01' });
    const second = new NewMachine();
    expect((await accept(await second.code(), { terminalId: 'PO-01' })).body).toMatchObject({
      code: 'ALREADY_ENROLLED',
    });
    const none = { terminalId: 'PO-09', replaces: true };
    expect((await accept(await second.code(), none)).body).toMatchObject({ code: 'TERMINAL_UNKNOWN' });
    const far = { terminalId: 'PO-09', siteId: uuidv7(rig.clock.now()) };
    expect((await accept(await second.code(), far)).body).toMatchObject({ code: 'SITE_UNKNOWN' });
    expect((await accept(await second.code(), { terminalId: 'PO-02' })).status).toBe(200);
  });
});

describe('a serial written down before', () => {
  const write = (over: Record<string, unknown> = {}) =>
    staff.post('/console/api/pre-authorisations', {
      serial: 'SN-0001',
      terminalId: 'PO-01',
      expiresAt: rig.clock.now() + 86_400_000,
      ...over,
    });

  it('is taken in once', async () => {
    expect((await write()).body).toMatchObject({ serial: 'SN-0001', by: 'demo' });
    expect((await staff.get('/console/api/pre-authorisations')).body).toHaveLength(1);
    const machine = new NewMachine();
    const told = { serial: 'SN-0001', tenantHint: TENANT };
    expect(await machine.ask(told)).toMatchObject({ state: 'accepted', terminalId: 'PO-01' });
    expect(await machine.ask(told)).toMatchObject({ state: 'accepted' });
    expect(await new NewMachine().ask(told)).toMatchObject({ state: 'waiting' });
    expect((await staff.get('/console/api/pre-authorisations')).body).toEqual([]);
    expect((await write({ serial: 'SN-0002' })).body).toMatchObject({ code: 'PRE_AUTHORISATION_REFUSED' });
  });

  it('waits for a person where its time is over, it was withdrawn, or the terminal is of another municipality', async () => {
    await write();
    expect(await new NewMachine().ask({ serial: 'SN-0001', tenantHint: 'altrove' })).toMatchObject({
      state: 'waiting',
    });
    rig.clock.advance(86_400_001);
    const told = { serial: 'SN-0001', tenantHint: TENANT };
    expect(await new NewMachine().ask(told)).toMatchObject({ state: 'waiting' });
    staff = await rig.signIn();
    await write({ terminalId: 'PO-02' });
    const { me } = staff;
    expect(me.tenantId).toBe(TENANT);
    expect((await staff.delete('/console/api/pre-authorisations/SN-0001')).status).toBe(200);
    expect(await new NewMachine().ask(told)).toMatchObject({ state: 'waiting' });
  });

  it('is for the municipality that the machine itself names: no other takes it, or keeps it out', async () => {
    await rig.close();
    rig = await new Rig({ tenants: [tenant(TENANT), tenant('altrove')] as never }).start();
    staff = await rig.person('technician', 'altrove');
    const thief = await write();
    expect(thief.status).toBe(200);
    expect(await new NewMachine().ask({ serial: 'SN-0001' }), 'names nobody').toMatchObject({
      state: 'waiting',
    });
    const told = { serial: 'SN-0001', tenantHint: TENANT };
    expect(await new NewMachine().ask(told), 'of another one').toMatchObject({ state: 'waiting' });
    staff = await rig.person('technician');
    await write();
    expect(await new NewMachine().ask(told), 'written down twice').toMatchObject({
      state: 'accepted',
      tenantId: TENANT,
    });
  });

  it('is one of so many, and written down not faster than a person does', async () => {
    const many = Array.from({ length: 199 }, (_, each) => ({
      tenant_id: TENANT,
      serial: `SN-1${each}`,
      terminal_id: `X-${each}`,
      site_id: null,
      expires_at: rig.clock.now() + 86_400_000,
      by_name: 'demo',
    }));
    await rig.store.of<EnrolmentTables>().insertInto('pre_authorisation').values(many).execute();
    expect((await write()).status).toBe(200);
    expect((await write({ serial: 'SN-0002' })).body).toMatchObject({ code: 'PRE_AUTHORISATION_REFUSED' });
    const codes: number[] = [];
    for (let each = 0; each < 60; each++) codes.push((await write()).status);
    expect(codes.indexOf(429), 'written over, but not sixty times a minute').toBe(58);
  });
});

describe('an enrolled terminal', () => {
  let machine: NewMachine;
  beforeEach(async () => {
    machine = new NewMachine();
    await accept(await machine.code(), { terminalId: 'PO-01' });
  });

  const proofOf = (next: TestTerminal, oldKey: string): string =>
    sign(
      null,
      Buffer.from(rotationProof({ tenantId: TENANT, terminalId: 'PO-01', oldKey, newKey: next.publicKey })),
      next.privateKey,
    ).toString('base64url');

  it('changes its key; the one before it finishes what it had begun', async () => {
    const next = new TestTerminal(rig, 'PO-01');
    const body = { publicKey: next.publicKey, proof: proofOf(next, machine.terminal.publicKey) };
    const stolen = { ...body, proof: proofOf(machine.terminal, machine.terminal.publicKey) };
    expect((await machine.call('POST', '/api/v1/keys/rotate', stolen)).body).toMatchObject({
      code: 'ROTATION_REFUSED',
    });
    expect((await machine.call('POST', '/api/v1/keys/rotate', body)).status).toBe(200);
    // the answer was lost: asked again with the old key, it is done already
    expect((await machine.call('POST', '/api/v1/keys/rotate', body)).status).toBe(200);
    expect((await next.call('GET', '/api/v1/time')).status).toBe(200);
    expect((await machine.call('GET', '/api/v1/time')).status).toBe(200);
    // but chooses no other one
    const third = new TestTerminal(rig, 'PO-01');
    const again = { publicKey: third.publicKey, proof: proofOf(third, next.publicKey) };
    expect((await machine.call('POST', '/api/v1/keys/rotate', again)).status).toBe(401);
    rig.clock.advance(600_000);
    expect((await machine.call('GET', '/api/v1/time')).status).toBe(401);
    expect((await next.call('GET', '/api/v1/link')).status).toBe(200);
    // no key comes back
    const back = { publicKey: machine.terminal.publicKey, proof: proofOf(machine.terminal, next.publicKey) };
    expect((await next.call('POST', '/api/v1/keys/rotate', back)).body).toMatchObject({ code: 'KEY_TAKEN' });
    expect(await machine.ask()).toEqual({ state: 'refused' });
  });

  it('is replaced by another machine, and its history stays', async () => {
    const paid = await machine.terminal.as(TENANT, 'PO-01').activated();
    const fresh = new NewMachine();
    expect((await accept(await fresh.code(), { terminalId: 'PO-01', replaces: true })).status).toBe(200);
    expect((await machine.call('GET', '/api/v1/time')).status).toBe(401);
    expect(await machine.ask()).toEqual({ state: 'refused' });
    expect((await fresh.call('GET', `/api/v1/payments/${paid}`)).status).toBe(200);
  });

  it('whose key was revoked does nothing any more', async () => {
    expect((await act('PO-01', 'revoke')).status).toBe(200);
    expect((await machine.call('GET', '/api/v1/time')).body).toMatchObject({ code: 'TERMINAL_REVOKED' });
    expect(await machine.ask()).toEqual({ state: 'refused' });
    expect((await act('PO-01', 'trust')).body).toMatchObject({ code: 'TERMINAL_ACT_REFUSED' });
    expect((await act('PO-09', 'revoke')).body).toMatchObject({ code: 'TERMINAL_UNKNOWN' });
  });

  it('that was taken out keeps its id, finishes its money and begins nothing', async () => {
    const id = await machine.terminal.as(TENANT, 'PO-01').activated();
    expect((await act('PO-01', 'decommission')).status).toBe(200);
    expect((await machine.terminal.as(TENANT, 'PO-01').charged(id)).status).toBe(200);
    expect((await machine.call('GET', '/api/v1/link')).body).toMatchObject({ code: 'TERMINAL_REVOKED' });
    const other = new NewMachine();
    expect((await accept(await other.code(), { terminalId: 'PO-01' })).status).toBe(409);
  });

  it('that is suspect finishes money that was charged, and begins nothing', async () => {
    const self = machine.terminal.as(TENANT, 'PO-01');
    const id = await self.activated();
    await rig.suspect('PO-01');
    expect((await self.charged(id)).status).toBe(200);
    expect(await self.state(id)).toMatchObject({ kioskPaymentId: id });
    for (const [method, target, body] of [
      ['POST', '/api/v1/payments/verify', {}],
      ['POST', `/api/v1/payments/${id}/activate`, {}],
      ['POST', `/api/v1/payments/${id}/authorisation`, {}],
      ['POST', '/api/v1/logins', {}],
      ['POST', '/api/v1/debt-positions', {}],
      ['POST', '/api/v1/carts', {}],
      ['GET', '/api/v1/link', undefined],
      ['POST', '/api/v1/keys/rotate', {}],
    ] as const) {
      const answer = await self.call(method, target, body);
      expect(answer.body, target).toMatchObject({ code: 'TERMINAL_SUSPECT' });
    }
    expect((await act('PO-01', 'trust')).status).toBe(200);
    expect((await self.call('GET', '/api/v1/link')).status).toBe(200);
  });

  it('stands at a site of its municipality, and follows its name', async () => {
    const made = await staff.post('/console/api/sites', {
      name: 'Biblioteca',
      address: 'Via Roma 1',
      lat: 43.88,
    });
    const siteId = (made.body as { siteId: string }).siteId;
    const put = (path: string, body: unknown) => staff.put(path, body);
    expect((await put('/console/api/terminals/PO-01/site', { siteId })).status).toBe(200);
    await put(`/console/api/sites/${siteId}`, { name: 'Biblioteca nuova', address: 'Via Roma 2' });
    expect(await machine.ask()).toMatchObject({ site: 'Biblioteca nuova' });
    const elsewhere = { siteId: uuidv7(rig.clock.now()) };
    expect((await put('/console/api/terminals/PO-01/site', elsewhere)).status).toBe(404);
  });
});
