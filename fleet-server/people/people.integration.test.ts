import {
  CONSOLE_API,
  ConsoleMe,
  PasswordLink,
  PEOPLE_ROUTES,
  Person,
  TotpEnrolment,
} from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codeOf, Rig, TENANT, type TestPerson } from '../testing/index.ts';

const OTHER = 'altrove';
const PHRASE = 'tre tigri contro tre trentini';
const MINUTE = 60_000;
const tenant = (id: string) => ({
  id,
  name: `Comune di ${id}`,
  timeZone: 'Europe/Rome',
  creditorTaxCode: '77777777777',
  citizens: { methods: [], withoutPin: [] },
});

describe('people', () => {
  let rig: Rig;
  let admin: TestPerson;

  beforeEach(async () => {
    rig = await new Rig({
      publicUrl: 'https://jolly.example',
      tenants: [tenant(TENANT), tenant(OTHER)] as never,
    }).start();
    admin = await rig.person('municipality-admin');
  });
  afterEach(() => rig.close());

  const me = `${CONSOLE_API}/me`;
  const write = { user: 'giulia', name: 'Giulia Verdi', way: 'local', role: 'technician', disabled: false };
  const at = (route: string, id: string) => route.replace(':id', id);
  const local = (body: object, remote?: string) =>
    remote === undefined
      ? rig.open('POST', PEOPLE_ROUTES.local, body)
      : rig.inject(
          'POST',
          PEOPLE_ROUTES.local,
          { 'content-type': 'application/json' },
          JSON.stringify(body),
          remote,
        );
  const add = async (by = admin, over: object = {}) =>
    Person.parse((await by.post(PEOPLE_ROUTES.people, { ...write, ...over })).body);
  const linkFor = async (personId: string, by = admin) =>
    PasswordLink.parse((await by.post(at(PEOPLE_ROUTES.passwordLink, personId), {})).body);
  const tokenOf = ({ url }: PasswordLink) => url.split('/').at(-1) ?? '';
  const withPassword = async (over: object = {}, by = admin) => {
    const person = await add(by, over);
    const token = tokenOf(await linkFor(person.personId, by));
    expect((await rig.open('POST', PEOPLE_ROUTES.password, { token, password: PHRASE })).status).toBe(204);
    return person;
  };
  const acts = async (by = admin, query = '') =>
    z
      .object({ rows: z.array(z.object({ act: z.string(), subject: z.string() })), intact: z.literal(true) })
      .parse((await by.get(`${CONSOLE_API}/audit${query}`)).body)
      .rows.map(({ act, subject }) => `${act} ${subject}`);

  it('set their password by a link that works once, for a day, and only a good one', async () => {
    const person = await add();
    const link = await linkFor(person.personId);
    expect(link.url).toContain('/console/#/password/');
    expect(link.expiresAt - rig.clock.now()).toBe(24 * 60 * MINUTE);
    const token = tokenOf(link);
    const set = (password: string) => rig.open('POST', PEOPLE_ROUTES.password, { token, password });
    expect((await set('Password123!')).body).toMatchObject({
      code: 'PASSWORD_REFUSED',
      faults: [{ path: 'password', message: 'too-common' }],
    });
    expect((await set('Giulia-Verdi1')).body).toMatchObject({ faults: [{ message: 'too-alike' }] });
    expect((await set(PHRASE)).status).toBe(204);
    expect((await set(PHRASE)).body).toMatchObject({ code: 'PASSWORD_LINK_GONE' });
    const late = tokenOf(await linkFor(person.personId));
    rig.clock.advance(24 * 60 * MINUTE);
    const answer = await rig.open('POST', PEOPLE_ROUTES.password, { token: late, password: PHRASE });
    expect(answer.body).toMatchObject({ code: 'PASSWORD_LINK_GONE' });
  });

  it('who may change things enrol a second factor before anything else, and then need it', async () => {
    await withPassword();
    const first = rig.signedIn(await local({ user: 'GIULIA', password: PHRASE }));
    expect(first.me.totpNeeded).toBe(true);
    expect((await first.get(`${CONSOLE_API}/fleet`)).body).toMatchObject({
      code: 'TOTP_ENROLMENT_NEEDED',
    });
    expect((await first.post(PEOPLE_ROUTES.tenant, { tenantId: TENANT })).status).toBe(403);
    expect((await first.get(me)).status).toBe(200);
    const { secret, url } = TotpEnrolment.parse((await first.post(PEOPLE_ROUTES.myTotp, {})).body);
    expect(url).toContain('otpauth://totp/Jolly:giulia');
    expect((await first.post(PEOPLE_ROUTES.confirmTotp, { totp: '000000' })).status).toBe(403);
    const code = codeOf(secret, rig.clock.now());
    const whole = rig.signedIn(await first.post(PEOPLE_ROUTES.confirmTotp, { totp: code }));
    expect(whole.me.totpNeeded).toBe(false);
    expect((await whole.get(`${CONSOLE_API}/fleet`)).status).toBe(200);
    expect((await first.get(me)).status, 'the session of before').toBe(401);

    const again = { user: 'giulia', password: PHRASE };
    expect((await local(again)).body).toMatchObject({ code: 'TOTP_NEEDED' });
    expect((await local({ ...again, totp: code })).body, 'the code of the enrolment').toMatchObject({
      code: 'SIGN_IN_REFUSED',
    });
    rig.clock.advance(30_000);
    const next = codeOf(secret, rig.clock.now());
    expect((await local({ ...again, totp: next })).status).toBe(200);
    expect((await local({ ...again, totp: next })).body, 'replayed').toMatchObject({
      code: 'SIGN_IN_REFUSED',
    });
    // nobody puts another authenticator in its place without the present one
    expect((await whole.post(PEOPLE_ROUTES.myTotp, {})).body).toMatchObject({ code: 'SIGN_IN_REFUSED' });
  });

  it('lose the second factor by an administrator only, and enrol anew', async () => {
    const technician = await rig.person('technician');
    const id = (await people()).find(({ user }) => user === technician.me.user)?.personId ?? '';
    expect((await technician.send('DELETE', at(PEOPLE_ROUTES.personTotp, id))).status).toBe(403);
    expect((await admin.send('DELETE', at(PEOPLE_ROUTES.personTotp, id))).status).toBe(204);
    expect((await technician.get(me)).status, 'signed out').toBe(401);
    const own = (await people()).find(({ user }) => user === admin.me.user)?.personId ?? '';
    expect((await admin.send('DELETE', at(PEOPLE_ROUTES.personTotp, own))).body).toMatchObject({
      code: 'NOT_ONESELF',
    });
  });

  const people = async (by = admin) => z.array(Person).parse((await by.get(PEOPLE_ROUTES.people)).body);

  it('who are nobody, have no password, are shut out or guess get the same answer, and are slowed down', async () => {
    await add(admin, { user: 'senza' });
    const shut = await withPassword({ user: 'chiusa' });
    await admin.send('PUT', at(PEOPLE_ROUTES.person, shut.personId), {
      ...write,
      user: 'chiusa',
      disabled: true,
    });
    for (const [index, user] of ['nessuno', 'senza', 'chiusa'].entries()) {
      const codes = [];
      for (let tries = 0; tries < 8; tries++) {
        codes.push(
          ((await local({ user, password: PHRASE }, `192.0.2.${index + 1}`)).body as { code: string }).code,
        );
      }
      expect(codes, user).toEqual([
        ...Array<string>(5).fill('SIGN_IN_REFUSED'),
        ...Array<string>(3).fill('TOO_MANY_REQUESTS'),
      ]);
      rig.clock.advance(61 * MINUTE);
    }
  });

  it('are slowed down for an account that is guessed from everywhere, and let in again later', async () => {
    await withPassword({ role: 'viewer' });
    for (let tries = 0; tries < 20; tries++) await local({ user: 'giulia', password: 'sbagliata' });
    expect((await local({ user: 'giulia', password: PHRASE })).status).toBe(429);
    rig.clock.advance(2 * MINUTE);
    expect((await local({ user: 'giulia', password: PHRASE })).status).toBe(200);
    admin = await rig.person('municipality-admin', TENANT, 'seconda');
    expect(await acts()).toContain('sign-in-throttled giulia');
  });

  it('are not shut out by a stranger whom a proxy makes look like everybody', async () => {
    await withPassword({ role: 'viewer' });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.9' };
    for (const proxy of ['127.0.0.1', '10.0.0.2']) {
      const by = (user: string, password: string) =>
        rig.inject('POST', PEOPLE_ROUTES.local, headers, JSON.stringify({ user, password }), proxy);
      const codes = [];
      for (let each = 0; each < 60; each++) codes.push((await by(`nessuno${each}`, 'sbagliata')).status);
      expect(new Set(codes)).toEqual(new Set([403]));
      expect((await by('giulia', PHRASE)).status, proxy).toBe(200);
    }
    // who comes by themselves is one caller, whatever they say
    const codes = [];
    for (let each = 0; each < 31; each++) {
      const body = JSON.stringify({ user: `nessuno${each}`, password: 'sbagliata' });
      codes.push((await rig.inject('POST', PEOPLE_ROUTES.local, headers, body, '198.51.100.9')).status);
    }
    expect(codes.at(-1)).toBe(429);
  });

  it('are signed out by time, unused or not, and a page that reads by itself is no use', async () => {
    const viewer = await rig.person('viewer');
    for (let minutes = 0; minutes < 60; minutes += 20) {
      rig.clock.advance(20 * MINUTE);
      expect((await viewer.get(me)).status).toBe(200);
    }
    rig.clock.advance(20 * MINUTE);
    const byItself = () => rig.inject('GET', me, { cookie: viewer.cookie, 'jolly-background': '1' });
    expect((await byItself()).status).toBe(200);
    rig.clock.advance(11 * MINUTE);
    expect((await byItself()).status).toBe(401);
    const busy = await rig.person('viewer', TENANT, 'altra');
    for (let hours = 0; hours < 8; hours += 0.25) {
      expect((await busy.get(me)).status).toBe(200);
      rig.clock.advance(15 * MINUTE);
    }
    expect((await busy.get(me)).status).toBe(401);
  });

  it('are signed out where role, state or password change, and everywhere when they say so', async () => {
    const change = async (over: object) => {
      const viewer = await rig.person('viewer', TENANT, `v${rig.clock.now()}${Math.random()}`.slice(0, 20));
      const { personId } = (await people()).find(({ user }) => user === viewer.me.user) ?? { personId: '' };
      const body = { ...write, user: viewer.me.user, name: viewer.me.user, role: 'viewer', ...over };
      expect((await admin.send('PUT', at(PEOPLE_ROUTES.person, personId), body)).status).toBe(200);
      return (await viewer.get(me)).status;
    };
    expect(await change({})).toBe(200);
    expect(await change({ role: 'office' })).toBe(401);
    expect(await change({ disabled: true })).toBe(401);
    await withPassword({ user: 'ubiqua', role: 'viewer' });
    const one = rig.signedIn(await local({ user: 'ubiqua', password: PHRASE }));
    const two = rig.signedIn(await local({ user: 'ubiqua', password: PHRASE }));
    const wrong = { current: 'non questa qui', password: 'il barattolo viola rotola' };
    expect((await one.post(PEOPLE_ROUTES.myPassword, wrong)).body).toMatchObject({ code: 'SIGN_IN_REFUSED' });
    const three = rig.signedIn(await one.post(PEOPLE_ROUTES.myPassword, { ...wrong, current: PHRASE }));
    expect([(await one.get(me)).status, (await two.get(me)).status, (await three.get(me)).status]).toEqual([
      401, 401, 200,
    ]);
    expect((await three.send('DELETE', PEOPLE_ROUTES.mySessions)).status).toBe(204);
    expect((await three.get(me)).status).toBe(401);
  });

  it('of one municipality are nobody to another, and no way into it', async () => {
    const boss = await rig.person('centre-admin');
    const person = await withPassword({ role: 'viewer' });
    const abroad = await rig.person('municipality-admin', OTHER);
    const path = at(PEOPLE_ROUTES.person, person.personId);
    const body = { ...write, role: 'viewer' };
    expect((await abroad.send('PUT', path, body)).status).toBe(404);
    expect((await abroad.post(at(PEOPLE_ROUTES.passwordLink, person.personId), {})).status).toBe(404);
    expect((await abroad.post(PEOPLE_ROUTES.people, body)).body).toMatchObject({ code: 'PERSON_EXISTS' });
    expect((await people(abroad)).map(({ user }) => user)).toEqual(['demo2', abroad.me.user]);
    // the centre gives her a role there too
    const there = rig.signedIn(await boss.post(PEOPLE_ROUTES.tenant, { tenantId: OTHER }));
    expect((await there.post(PEOPLE_ROUTES.people, { ...body, role: 'office' })).status).toBe(200);
    const seen = (await people(abroad)).find(({ user }) => user === 'giulia');
    expect(seen?.tenants).toEqual({ [OTHER]: 'office' });
    // and from then on neither municipality has her password, which opens the other
    for (const by of [abroad, admin]) {
      expect((await by.post(at(PEOPLE_ROUTES.passwordLink, person.personId), {})).status).toBe(403);
      expect((await by.send('DELETE', at(PEOPLE_ROUTES.personTotp, person.personId))).status).toBe(403);
      expect((await by.send('PUT', path, { ...body, name: 'Altra', role: 'office' })).status).toBe(403);
    }
    expect((await abroad.send('DELETE', path)).status).toBe(204);
    expect((await people()).find(({ user }) => user === 'giulia')?.tenants).toEqual({ [TENANT]: 'viewer' });
  });

  it('bring nothing that their municipality set along to where they are raised to', async () => {
    const boss = await rig.person('centre-admin');
    const there = await rig.person('centre-admin', OTHER, 'centro');
    const raises = {
      centre: (id: string, user: string) =>
        boss.put(at(PEOPLE_ROUTES.person, id), { ...write, user, role: 'centre-admin' }),
      elsewhere: (_id: string, user: string) =>
        there.post(PEOPLE_ROUTES.people, { ...write, user, role: 'office' }),
    };
    for (const [how, raise] of Object.entries(raises)) {
      // a link that the municipality keeps for later
      const linked = await add(admin, { user: `link-${how}` });
      const token = tokenOf(await linkFor(linked.personId));
      expect((await raise(linked.personId, linked.user)).status, how).toBe(200);
      const set = await rig.open('POST', PEOPLE_ROUTES.password, { token, password: PHRASE });
      expect(set.body, how).toMatchObject({ code: 'PASSWORD_LINK_GONE' });
      // a password and an authenticator that it set, and a session with them
      const known = await withPassword({ user: `set-${how}` });
      const first = rig.signedIn(await local({ user: known.user, password: PHRASE }));
      const { secret } = TotpEnrolment.parse((await first.post(PEOPLE_ROUTES.myTotp, {})).body);
      const totp = codeOf(secret, rig.clock.now());
      const inside = rig.signedIn(await first.post(PEOPLE_ROUTES.confirmTotp, { totp }));
      const raised = await raise(known.personId, known.user);
      expect(Person.parse(raised.body).totp, how).toBe(false);
      expect((await inside.get(me)).status, how).toBe(401);
      expect((await local({ user: known.user, password: PHRASE })).body, how).toMatchObject({
        code: 'SIGN_IN_REFUSED',
      });
      // who raised them gives them a new way in, which their municipality cannot
      expect((await admin.post(at(PEOPLE_ROUTES.passwordLink, known.personId), {})).status).toBe(403);
      const by = how === 'centre' ? boss : there;
      const fresh = tokenOf(await linkFor(known.personId, by));
      const answer = await rig.open('POST', PEOPLE_ROUTES.password, { token: fresh, password: PHRASE });
      expect(answer.status, how).toBe(204);
      expect((await local({ user: known.user, password: PHRASE })).status, how).toBe(200);
    }
  });

  it('cannot raise themselves, nor shut themselves out', async () => {
    expect((await admin.post(PEOPLE_ROUTES.people, { ...write, role: 'centre-admin' })).status).toBe(403);
    const boss = await rig.person('centre-admin');
    const own = (await people(boss)).find(({ user }) => user === boss.me.user);
    expect(own?.centreAdmin).toBe(true);
    expect((await people()).map(({ user }) => user)).not.toContain(boss.me.user);
    const body = { ...write, user: boss.me.user, name: boss.me.user, role: 'viewer' };
    expect((await boss.send('PUT', at(PEOPLE_ROUTES.person, own?.personId ?? ''), body)).body).toMatchObject({
      code: 'NOT_ONESELF',
    });
    expect((await admin.send('PUT', at(PEOPLE_ROUTES.person, own?.personId ?? ''), body)).status).toBe(404);
    const technician = await rig.person('technician');
    expect((await technician.get(PEOPLE_ROUTES.people)).status).toBe(403);
    expect((await technician.post(PEOPLE_ROUTES.tenant, { tenantId: OTHER })).body).toMatchObject({
      code: 'NOT_ALLOWED',
    });
  });

  it('leave a line for each act, those of the centre in its own log', async () => {
    const boss = await rig.person('centre-admin');
    await withPassword();
    expect(await acts()).toEqual(
      expect.arrayContaining(['person-added giulia', 'password-link-made giulia', 'password-set giulia']),
    );
    expect(await acts(boss, '?centre=true')).toContain('signed-in centre-admin-prova');
    expect((await admin.get(`${CONSOLE_API}/audit?centre=true`)).status).toBe(403);
    const text = await admin.get(`${CONSOLE_API}/audit.ndjson`);
    expect(String(text.body).trim().split('\n').length).toBe((await acts()).length);
  });

  it('come in with a cookie of a new number each time, and not from another site', async () => {
    await withPassword({ role: 'viewer' });
    const answer = await local({ user: 'giulia', password: PHRASE });
    expect(String(answer.raw.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    const before = rig.signedIn(answer);
    const headers = { 'content-type': 'application/json', cookie: before.cookie };
    const body = JSON.stringify({ user: 'giulia', password: PHRASE });
    const after = await rig.inject('POST', PEOPLE_ROUTES.local, headers, body);
    expect(ConsoleMe.parse(after.body).csrf).not.toBe(before.me.csrf);
    expect((await before.get(me)).status, 'the session it had').toBe(401);
    for (const mark of [{ origin: 'https://elsewhere.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const refused = await rig.inject('POST', PEOPLE_ROUTES.local, { ...headers, ...mark }, body);
      expect(refused.body).toMatchObject({ code: 'CSRF_REFUSED' });
    }
  });
});
