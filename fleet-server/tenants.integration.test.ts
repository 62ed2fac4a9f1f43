import { may, type Permission, ROLES, type Role } from '@jolly/contracts/fleet-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerRoute } from './server.ts';
import {
  type Answer,
  MARK,
  NOTICE,
  type PlantedIds,
  type TestPerson,
  TOWN,
  type TwoTowns,
  twoTowns,
  VICTIM,
} from './testing/index.ts';

const API = '/console/api';
const UUID = '0199a000-0000-7000-8000-00000000beef';

/** For everybody, or about nobody's data: not part of the walk. */
const ABOUT_NOBODY =
  /^\/(docs|console\/(sign-in|password|oidc|session$|session\/local|\*|$)|console$|status\/|r\/|mqtt|health|metrics|gateway\/)|^\/api\/v1\/enrolment/;
/** They end or change the session that asks: `people/` has their tests. */
const OF_THE_SESSION = new Set([
  'DELETE /console/session',
  'POST /console/session/tenant',
  `DELETE ${API}/me/sessions`,
  `POST ${API}/me/password`,
  `POST ${API}/me/totp`,
  `POST ${API}/me/totp/confirm`,
]);
/** The centre knows which municipalities there are, and gives who is of one a role in another. */
const OF_THE_CENTRE = new Set([`POST ${API}/people`, `GET ${API}/me`]);
/** What must be asked with the address. */
const QUERIES: Readonly<Record<string, (ids: PlantedIds) => string>> = {
  [`${API}/terminals/:id/timeline`]: (ids) => `?day=${ids.day}`,
  '/api/v1/payments/:id/authorisation': () => '?attempt=1',
};
/** Never answers to its end. */
const STREAM = `${API}/events`;

/** By the address up to the parameter: what of the victim's it may name. A route with another parameter has no case, and fails. */
const NAMED: readonly (readonly [RegExp, (ids: PlantedIds) => readonly string[]])[] = [
  [/^\/api\/v1\/payments\/$/, (ids) => [ids.payment]],
  [/^\/api\/v1\/logins\/$/, (ids) => [ids.login]],
  [/^\/api\/v1\/commands\/$/, (ids) => [ids.command]],
  [/\/payments\/$/, (ids) => [ids.payment]],
  [/\/operator-items\/$/, (ids) => [ids.item]],
  [/\/assistance\/$/, (ids) => [ids.call]],
  [/\/people\/$/, (ids) => [ids.person]],
  [/\/terminals\/$/, (ids) => [ids.terminal]],
  [/\/sites\/$/, (ids) => [ids.site]],
  [/\/commands\/$/, (ids) => [ids.command]],
  [/\/alerts\/$/, (ids) => [ids.alert]],
  [/\/maintenance\/$/, (ids) => [ids.window]],
  [/\/pre-authorisations\/$/, (ids) => [ids.serial]],
  // a machine that waits belongs to nobody yet: its code is on its own screen
  [/\/enrolments\/$/, () => ['ABCDEFGH']],
  [/\/(match|export)\/$/, (ids) => [ids.day]],
  [/\/settings\/$/, () => ['municipality', 'site', 'terminal']],
  [/\/settings\/municipality\/$/, () => [VICTIM]],
  [/\/settings\/site\/$/, (ids) => [ids.site]],
  [/\/settings\/terminal\/$/, (ids) => [ids.terminal]],
];
/** What a day has of everybody: asking for it is no asking for another's. */
const OF_EVERYBODY = /\/(match|export|enrolments)\//;

const settings = { baseVersion: 0, document: { volume: 0.1 }, note: 'per prova' };
const person = { user: `${MARK}.person`, name: 'Altra', way: 'local', role: 'viewer', disabled: false };
const card = {
  posTerminalId: '12345678',
  stan: '000123',
  onlineId: '123456789012',
  authCode: 'A1B2C3',
  maskedPan: '453201******1234',
  cardType: 'debit',
  chargedAt: 1,
  amountCents: 12_345,
};
/** A body that gets past the schema, naming what is the victim's wherever it can. */
const BODIES: Readonly<Record<string, (ids: PlantedIds) => unknown>> = {
  'POST /api/v1/payments/verify': (ids) => ({ kioskPaymentId: ids.payment, notice: NOTICE }),
  'POST /api/v1/payments/:id/activate': () => ({ notice: NOTICE, amountCents: 12_345 }),
  'POST /api/v1/payments/:id/outcome': () => ({ outcome: 'OK', card }),
  'POST /api/v1/payments/:id/authorisation': () => ({ posTerminalId: '1', amountCents: 1, attempt: 1 }),
  'POST /api/v1/payments/:id/facts': () => ({
    facts: [{ seq: 9, at: 1, fact: { fact: 'receipt-printed', duplicate: false } }],
  }),
  'POST /api/v1/payments/:id/receipt': () => ({}),
  'POST /api/v1/pos-days': (ids) => ({
    day: ids.day,
    posTerminalId: '1',
    closedAt: 1,
    charges: [{ kioskPaymentId: ids.payment, kind: 'charge', card }],
  }),
  'POST /api/v1/usage': () => ({ batchId: UUID, seq: 1, events: [], ratings: [] }),
  'POST /api/v1/assistance': (ids) => ({ requestId: ids.call, language: 'it', screen: 'x' }),
  'POST /api/v1/logins': () => ({
    sessionId: '0199a000-0000-4000-8000-000000000000',
    method: 'cie-card-local',
    level: 'pin',
  }),
  'POST /api/v1/logins/:id/proof': () => ({ kind: 'cns-pin', certificate: 'AAAA', signature: 'AAAA' }),
  'POST /api/v1/debt-positions': () => ({ requestId: UUID, service: 'x', version: 1, answers: {} }),
  'POST /api/v1/carts': () => ({
    notices: [{ notice: NOTICE, amountCents: 1, description: 'x', creditorName: 'x' }],
  }),
  'POST /api/v1/keys/rotate': () => ({ publicKey: 'A'.repeat(60), proof: 'A'.repeat(86) }),
  'POST /api/v1/commands/:id/attachment': () => ({}),
  'PUT /api/v1/commands/:id/attachment': () => ({}),
  [`POST ${API}/people`]: () => person,
  [`PUT ${API}/people/:id`]: () => person,
  [`POST ${API}/people/:id/password-link`]: () => ({}),
  [`POST ${API}/operator-items/:id/take`]: () => ({}),
  [`POST ${API}/operator-items/:id/resolve`]: () => ({ resolution: 'no-action', note: 'niente', proof: 'x' }),
  [`POST ${API}/operator-items/:id/approve`]: () => ({ approve: true }),
  [`POST ${API}/match/:day/seal`]: () => ({}),
  [`POST ${API}/assistance/:id/take`]: () => ({}),
  [`POST ${API}/sites`]: () => ({ name: 'Altra sede', address: '' }),
  [`PUT ${API}/sites/:id`]: () => ({ name: 'Altra sede', address: '' }),
  [`POST ${API}/pre-authorisations`]: (ids) => ({
    serial: 'mio-0001',
    terminalId: 'MIO-01',
    siteId: ids.site,
    expiresAt: 8e12,
  }),
  [`POST ${API}/enrolments/:code/accept`]: (ids) => ({
    terminalId: ids.terminal,
    siteId: ids.site,
    replaces: true,
  }),
  [`POST ${API}/enrolments/:code/refuse`]: () => ({}),
  [`POST ${API}/terminals/:id/enrolment`]: () => ({ act: 'revoke', note: 'per prova' }),
  [`PUT ${API}/terminals/:id/site`]: (ids) => ({ siteId: ids.site }),
  [`POST ${API}/terminals/:id/commands`]: () => ({ act: { kind: 'set-volume', level: 0 } }),
  [`PUT ${API}/settings/:layer/:id`]: () => settings,
  [`POST ${API}/settings/:layer/:id/preview`]: () => settings,
  [`POST ${API}/settings/:layer/:id/revert`]: () => ({ baseVersion: 1, version: 0, note: 'per prova' }),
  [`POST ${API}/alerts/:id/acknowledge`]: () => ({}),
  [`POST ${API}/maintenance`]: (ids) => ({
    scope: { kind: 'site', siteId: ids.site },
    from: 1,
    to: 8e12,
    reason: 'per prova',
  }),
  [`PUT ${API}/alert-settings`]: () => ({ rules: {}, escalation: [], publicStatus: true }),
};

/** The addresses of a route with every thing of the victim's in the place of its parameters. */
function targets(url: string, ids: PlantedIds): readonly string[] {
  const query = QUERIES[url]?.(ids) ?? '';
  return filled(url, ids).map((target) => target + query);
}

function filled(url: string, ids: PlantedIds): readonly string[] {
  const at = url.indexOf('/:');
  if (at < 0) return [url.replace('*', 'x')];
  const before = url.slice(0, at + 1);
  const rest = url.slice(at + 2).replace(/^[A-Za-z]+/, '');
  const named = NAMED.find(([pattern]) => pattern.test(before));
  if (!named) throw new Error(`no case for ${url}: say in NAMED what of the victim's it may name`);
  return named[1](ids).flatMap((value) => filled(`${before}${value}${rest}`, ids));
}

describe('two municipalities of one server', () => {
  let towns: TwoTowns;
  let routes: readonly ServerRoute[];

  beforeAll(async () => {
    towns = await twoTowns();
    routes = towns.rig.server
      .routes()
      .filter(({ method, url }) => method !== 'HEAD' && !ABOUT_NOBODY.test(url) && url !== STREAM);
  });
  afterAll(() => towns.rig.close());

  const nameOf = ({ method, url }: ServerRoute) => `${method} ${url}`;
  const ofConsole = () => routes.filter((route) => route.permission !== undefined);
  const walked = () => ofConsole().filter((route) => !OF_THE_SESSION.has(nameOf(route)));
  const bodyOf = (route: ServerRoute): unknown => {
    if (['GET', 'DELETE'].includes(route.method)) return undefined;
    const body = BODIES[nameOf(route)];
    if (!body) throw new Error(`no case for ${nameOf(route)}: say in BODIES what is sent`);
    return body(towns.ids);
  };
  const call = (by: TestPerson, { method }: ServerRoute, target: string, body: unknown): Promise<Answer> =>
    method === 'GET' ? by.get(target) : by.send(method as 'POST', target, body);
  const textOf = (answer: Answer) =>
    (typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)).toLowerCase();
  const own = (url: string) => url.includes(':') && !OF_EVERYBODY.test(url);

  it('have routes that all say who may call them', () => {
    const console = routes.filter(({ url }) => url.startsWith('/console'));
    expect(console.length).toBeGreaterThan(25);
    expect(console.filter(({ permission }) => permission === undefined)).toEqual([]);
  });

  it('the victim sees its own on every route: what is planted is there', async () => {
    const { owner, ids } = towns;
    const marked: string[] = [];
    for (const route of walked().filter(({ method }) => method === 'GET')) {
      for (const target of targets(route.url, ids)) {
        const answer = await call(owner, route, target, undefined);
        const missing = /\/enrolments\/|\/attachment$/.test(target) && answer.status === 404;
        if (!missing) expect(answer.status, `GET ${target} ${textOf(answer)}`).toBe(200);
        if (textOf(answer).includes(MARK)) marked.push(route.url);
      }
    }
    for (const url of [
      'people',
      'audit',
      'fleet',
      'terminals/:id',
      'payments',
      'payments/:id',
      'sites',
      'assistance',
      'alerts',
      'maintenance',
      'commands/:id',
      'terminals/:id/commands',
      'pre-authorisations',
      'settings/:layer/:id',
    ]) {
      if (routes.some((route) => route.method === 'GET' && route.url === `${API}/${url}`)) {
        expect(marked, url).toContain(`${API}/${url}`);
      }
    }
    expect(marked.length).toBeGreaterThan(10);
  });

  it('nobody of the one reads or changes anything of the other, whatever their role, on any route', async () => {
    const { rig, ids, snapshot } = towns;
    const before = await snapshot();
    for (const role of ROLES) {
      const by = await rig.person(role, TOWN);
      // twice: what was written with the victim's ids in it must not come back by another route
      for (const round of [1, 2]) {
        for (const route of walked()) {
          if (role === 'centre-admin' && OF_THE_CENTRE.has(nameOf(route))) continue;
          for (const target of targets(route.url, ids)) {
            const answer = await call(by, route, target, bodyOf(route));
            const what = `${role} ${route.method} ${target}: ${answer.status} ${textOf(answer).slice(0, 200)}`;
            expect(answer.status, what).toBeLessThan(500);
            expect(answer.status, what).not.toBe(401);
            // one that the schema stops proves nothing
            expect(answer.status, what).not.toBe(400);
            expect(textOf(answer), what).not.toContain(MARK);
            if (own(route.url)) expect([403, 404], what).toContain(answer.status);
            if (round === 1) checkRole(role, route, answer, what);
          }
        }
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  function checkRole(role: Role, { permission }: ServerRoute, { status, body }: Answer, what: string): void {
    if (permission === undefined || permission === 'anyone') return;
    if (may(role, permission as Permission)) return;
    expect([status, body], what).toEqual([403, expect.objectContaining({ code: 'NOT_ALLOWED' })]);
  }

  it('no terminal of the one reads or changes anything of the other, on any route', async () => {
    const { rig, ids, terminal, snapshot } = towns;
    const before = await snapshot();
    for (const route of routes.filter(({ url }) => url.startsWith('/api/'))) {
      for (const target of targets(route.url, ids)) {
        const body = bodyOf(route);
        const method = route.method as 'GET';
        const answer = await terminal.call(method, target, body);
        const what = `${method} ${target}: ${answer.status} ${textOf(answer).slice(0, 200)}`;
        expect(answer.status, what).toBeLessThan(500);
        expect(answer.status, what).not.toBe(400);
        expect(textOf(answer), what).not.toContain(MARK);
        // signed with its own key, in the other's name
        const text = body === undefined ? '' : JSON.stringify(body);
        const abroad = terminal.headers(method, target, text, { tenantId: VICTIM });
        expect((await rig.inject(method, target, abroad, text)).status, `${what}, abroad`).toBe(401);
      }
    }
    expect(await snapshot()).toEqual(before);
  });

  it('a session is of one municipality, and changes over only where the person has a role', async () => {
    const { rig } = towns;
    const office = await rig.person('office', TOWN, 'office.again');
    const into = { tenantId: VICTIM };
    expect((await office.post('/console/session/tenant', into)).status).toBe(403);
    const centre = await rig.person('centre-admin', TOWN, 'centre.again');
    const there = rig.signedIn(await centre.post('/console/session/tenant', into));
    expect(textOf(await there.get(`${API}/fleet`))).toContain(MARK);
    expect((await centre.get(`${API}/fleet`)).status, 'the session of before').toBe(401);
  });
});
