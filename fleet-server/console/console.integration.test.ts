import {
  FleetPage,
  OperatorItem,
  Overview,
  PaymentPage,
  SettingsPreview,
  TerminalDetail,
} from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { saveState, unknownState } from '../terminals/index.ts';
import { Rig, reportedOf, TENANT, type TestPerson, type TestTerminal } from '../testing/index.ts';

describe('the console', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  let person: TestPerson;

  beforeEach(async () => {
    rig = await new Rig().start();
    terminal = await rig.terminal();
    person = await rig.signIn();
  });
  afterEach(() => rig.close());

  const items = async () =>
    z.array(OperatorItem).parse((await person.get('/console/api/operator-items')).body);

  it('shows what was collected, what waits and what a person must do', async () => {
    await terminal.charged(await terminal.activated());
    rig.gateway.outcomeAnswers = [{ answer: 'unreachable', reason: 'NODE_TIMEOUT' }];
    const waiting = await terminal.activated();
    await terminal.charged(waiting, { stan: '000124' });
    const overview = Overview.parse((await person.get('/console/api/overview')).body);
    expect(overview).toMatchObject({
      paymentsToday: 2,
      collectedTodayCents: 24_690,
      pendingOutcomes: 1,
      openItems: 0,
      states: { confirmed: 1, 'outcome-stored': 1 },
      terminals: [{ terminalId: 'TOTEM-01', state: 'stopped', reason: 'offline', paymentsToday: 2 }],
    });
    const page = PaymentPage.parse((await person.get('/console/api/payments?state=outcome-stored')).body);
    expect(page.rows.map((row) => row.kioskPaymentId)).toEqual([waiting]);
    expect(page.rows[0]?.steps.at(-1)).toMatchObject({ what: 'outcome-unanswered', detail: 'NODE_TIMEOUT' });
  });

  it('pages through payments newest first', async () => {
    const ids = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift(await terminal.activated());
      if (index !== 2) rig.clock.advance(1);
    }
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const path = `/console/api/payments?limit=2${after}`;
      const page = PaymentPage.parse((await person.get(path)).body);
      seen.push(...page.rows.map((row) => row.kioskPaymentId));
      if (page.next === undefined) break;
      after = `&after=${page.next}`;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    expect(new Set(seen).size).toBe(5);
  });

  it('asks a person for money not given back, and a second one for the refund', async () => {
    rig.gateway.outcomeAnswers = [{ answer: 'duplicate' }];
    const id = await terminal.activated();
    await terminal.charged(id);
    await rig.pass(5 * 60_000);
    const [item] = await items();
    expect(item).toMatchObject({ kind: 'refund', reason: 'duplicate', amountCents: 12_345, state: 'open' });
    const path = `/console/api/operator-items/${item?.id}`;
    const second = await rig.signIn('demo2');
    expect((await person.post(`${path}/take`, {})).body).toMatchObject({ state: 'taken', takenBy: 'demo' });
    const resolution = { resolution: 'refunded', note: 'Bonifico eseguito', proof: 'CRO 123' };
    expect((await second.post(`${path}/resolve`, resolution)).body).toMatchObject({
      code: 'ITEM_OF_ANOTHER',
    });
    expect((await person.post(`${path}/resolve`, resolution)).body).toMatchObject({
      state: 'awaiting-second',
    });
    const approve = { approve: true };
    expect((await person.post(`${path}/approve`, approve)).body).toMatchObject({
      code: 'SECOND_PERSON_NEEDED',
      status: 403,
    });
    expect((await second.post(`${path}/approve`, approve)).body).toMatchObject({ state: 'closed' });
    expect(await terminal.state(id)).toMatchObject({ state: 'refunded' });
    const [closed] = await items();
    expect(closed?.history.map((act) => `${act.by} ${act.act}`)).toEqual([
      'system opened',
      'demo taken',
      'demo resolved:refunded',
      'demo2 approved',
    ]);
    expect(closed?.history[2]).toMatchObject({ note: 'Bonifico eseguito', proof: 'CRO 123' });
  });

  it('settles the item by itself when the terminal reverses late', async () => {
    rig.gateway.outcomeAnswers = [{ answer: 'duplicate' }];
    const id = await terminal.activated();
    await terminal.charged(id);
    const fact = (seq: number, body: object) =>
      terminal.call('POST', `/api/v1/payments/${id}/facts`, { facts: [{ seq, at: 1, fact: body }] });
    await fact(1, { fact: 'reversal-failed', reason: 'host-refused' });
    expect(await items()).toMatchObject([{ kind: 'refund', reason: 'reversal-failed', state: 'open' }]);
    await fact(2, { fact: 'charge-reversed', card: rig.card() });
    expect(await items()).toMatchObject([{ state: 'closed' }]);
  });

  it('asks a person when a terminal falls silent after an activation', async () => {
    const id = await terminal.activated();
    await rig.pass(600_000 + 30 * 60_000);
    expect(await items()).toMatchObject([
      { kind: 'charge-unknown', reason: 'terminal-silent', kioskPaymentId: id, amountCents: 12_345 },
    ]);
    await terminal.charged(id);
    expect(await items()).toMatchObject([{ state: 'closed' }]);
    expect(await terminal.state(id)).toMatchObject({ state: 'confirmed' });
  });

  it('gives an outcome to a person when the node was silent for a day', async () => {
    rig.gateway.before = () => Promise.reject(new Error('no line'));
    const id = await terminal.activated();
    expect(await terminal.state(id)).toMatchObject({ state: 'activation-failed' });
    rig.gateway.before = () => undefined;
    const other = await terminal.activated();
    rig.gateway.before = () => Promise.reject(new Error('no line'));
    await terminal.charged(other);
    for (let hours = 0; hours < 26; hours++) {
      for (let minutes = 0; minutes < 12; minutes++) await rig.pass(5 * 60_000);
    }
    person = await rig.signIn();
    expect((await items()).map((item) => `${item.kind} ${item.reason}`)).toContain(
      'outcome-late node-silent-for-24h',
    );
    expect(await terminal.state(other)).toMatchObject({ state: 'outcome-stored', instruction: 'wait' });
  });

  it('shows a terminal as it last said, and as offline when it stops saying', async () => {
    const address = { tenantId: TENANT, terminalId: 'TOTEM-01' };
    const device = { uri: 'x', reasons: [], since: 0, counters: {} };
    const reported = reportedOf({
      devices: [
        { ...device, role: 'pos', state: 'ready' },
        { ...device, role: 'printer', state: 'out-of-paper' },
      ],
    });
    const says = (online: boolean) =>
      rig.store.transaction((tx) =>
        saveState(tx, { ...unknownState(address), online, reported }, rig.clock.now()),
      );
    await says(true);
    const rows = async () => Overview.parse((await person.get('/console/api/overview')).body).terminals;
    expect(await rows()).toMatchObject([
      { state: 'attention', reason: 'printer-paper-out', site: 'Municipio' },
    ]);
    await says(false);
    expect(await rows()).toMatchObject([{ state: 'stopped', reason: 'offline' }]);
  });

  it('reads the fleet and writes its settings at the same server', async () => {
    const page = FleetPage.parse((await person.get('/console/api/fleet')).body);
    expect(page.rows).toMatchObject([{ terminalId: 'TOTEM-01', state: 'stopped', site: 'Municipio' }]);
    const detail = TerminalDetail.parse((await person.get('/console/api/terminals/TOTEM-01')).body);
    expect(detail.settings).toEqual({ desired: 0, state: 'none' });
    const draft = { baseVersion: 0, document: { volume: 0.4 }, note: 'prova' };
    const preview = await person.post(`/console/api/settings/municipality/${TENANT}/preview`, draft);
    expect(SettingsPreview.parse(preview.body)).toMatchObject({ affectedCount: 1 });
    expect((await person.get('/console/api/settings/municipality/altrove')).status).toBe(404);
  });
});
