import { TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { uuidv7 } from '@jolly/contracts/values';
import { sql } from 'kysely';
import type { AlertTables } from '../alerts/index.ts';
import { type Answer, evidence, Rig, TENANT, type TestPerson, type TestTerminal } from './rig.ts';

/** The municipality that tries, and the one that is tried. */
export const TOWN = TENANT;
export const VICTIM = 'altrove';
/** In everything of the victim's that has words: it may be in no answer to anybody else. */
export const MARK = 'zqx';

const API = '/console/api';
const UUID = '0199a000-0000-7000-8000-00000000dead';

/** What there is of the victim's, by what a route calls it. Where the part that makes it is not there yet: one that never was. */
export interface PlantedIds {
  readonly day: string;
  readonly terminal: string;
  readonly payment: string;
  readonly item: string;
  readonly call: string;
  readonly person: string;
  readonly site: string;
  readonly serial: string;
  readonly login: string;
  readonly command: string;
  readonly alert: string;
  readonly window: string;
}

export interface TwoTowns {
  readonly rig: Rig;
  readonly owner: TestPerson;
  readonly ids: PlantedIds;
  /** Of the town that tries; it has the same name as one of the victim's. */
  readonly terminal: TestTerminal;
  /** Every row of the victim's, as text. */
  snapshot(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** A server with two municipalities, one of them full of things that are nobody else's business. */
export async function twoTowns(): Promise<TwoTowns> {
  const tenant = (id: string, name: string) => ({
    id,
    name,
    timeZone: 'Europe/Rome',
    creditorTaxCode: '77777777777',
    citizens: { methods: [], withoutPin: [] },
  });
  const rig = new Rig({
    publicUrl: 'https://jolly.example',
    tenants: [tenant(TOWN, 'Comune di Prova'), tenant(VICTIM, `Comune ${MARK}`)] as never,
  });
  await rig.start();
  const owner = await rig.person('municipality-admin', VICTIM, `${MARK}.owner`);
  const terminal = await rig.terminal('TOTEM-01', TOWN);
  const same = await rig.terminal('TOTEM-01', VICTIM);
  const planted = await rig.terminal(`${MARK}-01`, VICTIM);
  const ids = { ...(await things(rig, owner, planted)), ...(await money(rig, owner, planted)) };
  await same.charged(await same.activated());
  return { rig, owner, ids, terminal, snapshot: () => snapshot(rig) };
}

/** What a person of the municipality makes. */
async function things(rig: Rig, owner: TestPerson, terminal: TestTerminal) {
  const at = (path: string) => `${API}/${path}`;
  const now = rig.clock.now();
  const person = await owner.post(at('people'), {
    user: `${MARK}.person`,
    name: `Persona ${MARK}`,
    way: 'local',
    role: 'viewer',
    disabled: false,
  });
  const site = await owner.post(at('sites'), {
    name: `Sede ${MARK}`,
    address: `Via ${MARK} 1`,
    lat: 45,
    lon: 9,
  });
  const siteId = idIn(site, 'siteId');
  await owner.send('PUT', at(`terminals/${terminal.terminalId}/site`), { siteId });
  const serial = `${MARK}-serial-0001`;
  await owner.post(at('pre-authorisations'), {
    serial,
    terminalId: `${MARK}-02`,
    siteId,
    expiresAt: now + 86_400_000,
  });
  for (const [layer, id] of [
    ['municipality', VICTIM],
    ['site', siteId],
    ['terminal', terminal.terminalId],
  ]) {
    const body = { baseVersion: 0, document: { volume: 0.5 }, note: `Nota ${MARK}` };
    await owner.send('PUT', at(`settings/${layer}/${id}`), body);
  }
  const window = await owner.post(at('maintenance'), {
    scope: { kind: 'municipality' },
    from: now,
    to: now + 3_600_000,
    reason: `Lavori ${MARK}`,
  });
  const command = await owner.post(at(`terminals/${terminal.terminalId}/commands`), {
    act: { kind: 'out-of-service', message: MARK },
    expiresInSeconds: 86_400,
  });
  return {
    terminal: terminal.terminalId,
    person: idIn(person, 'personId'),
    site: siteId,
    serial,
    window: idIn(window, 'windowId'),
    command: idIn(command, 'commandId'),
    alert: await alertOf(rig, terminal),
  };
}

/** No person makes one: it stands as the rules would have written it; healed, so that their next round lets it be. */
async function alertOf({ store, clock }: Rig, { terminalId }: TestTerminal): Promise<string> {
  const alertId = uuidv7(clock.now());
  await store
    .of<AlertTables>()
    .insertInto('alert')
    .values({
      tenant_id: VICTIM,
      alert_id: alertId,
      terminal_id: terminalId,
      rule: 'offline',
      subject: MARK,
      severity: 'critical',
      state: 'healed',
      open_key: null,
      opened_at: clock.now(),
      last_at: clock.now(),
      repeats: 0,
      healed_at: clock.now(),
      acknowledged_by: null,
      acknowledged_at: null,
      note: MARK,
      counts_from: 0,
      tell_at: null,
      tell_tries: 0,
      escalation: 0,
      end_told: 0,
      detail: '{}',
    })
    .execute();
  return alertId;
}

/** What comes of payments, and of a citizen who asks for a person. */
async function money(rig: Rig, owner: TestPerson, terminal: TestTerminal) {
  await terminal.charged(await terminal.activated());
  rig.gateway.outcomeAnswers = [{ answer: 'duplicate' }];
  const payment = await terminal.activated();
  await terminal.charged(payment);
  await rig.pass(5 * 60_000);
  const item = await owner.get(`${API}/operator-items`);
  const call = uuidv7(rig.clock.now());
  await terminal.call('POST', TERMINAL_ROUTES.assistance, {
    requestId: call,
    language: 'it',
    screen: 'problem',
    supportCode: MARK,
  });
  const day = new Date(rig.clock.now()).toISOString().slice(0, 10);
  await terminal.call('POST', TERMINAL_ROUTES.posDays, {
    day,
    posTerminalId: `${MARK}-pos`,
    closedAt: rig.clock.now(),
    posTotalCents: 12_345,
    charges: [{ kioskPaymentId: payment, kind: 'charge', card: evidence(rig.clock.now()) }],
  });
  const login = await terminal.call('POST', TERMINAL_ROUTES.logins, {
    sessionId: '0199a000-0000-4000-8000-000000000000',
    method: 'cie-pin',
    level: 2,
  });
  return { payment, item: idIn(item, 'id'), call, day, login: idIn(login, 'loginId') };
}

function idIn({ body }: Answer, name: string): string {
  const [found] = [body].flat();
  if (typeof found !== 'object' || found === null || !(name in found)) return UUID;
  return String((found as Record<string, unknown>)[name]);
}

async function snapshot({ store }: Rig): Promise<ReadonlyMap<string, readonly string[]>> {
  const db = store.of<Record<string, Record<string, unknown>>>();
  const rows = new Map<string, readonly string[]>();
  for (const { name, columns } of await db.introspection.getTables()) {
    if (!columns.some((column) => column.name === 'tenant_id')) continue;
    const found = await db.selectFrom(name).selectAll().where(sql.ref('tenant_id'), '=', VICTIM).execute();
    rows.set(name, found.map((row) => JSON.stringify(row)).toSorted());
  }
  return rows;
}
