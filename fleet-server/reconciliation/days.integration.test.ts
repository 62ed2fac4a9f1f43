import { DayMatch, OperatorItem } from '@jolly/contracts/fleet-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Rig, type TestPerson, type TestTerminal } from '../testing/index.ts';

describe('the day of a terminal', () => {
  let rig: Rig;
  let terminal: TestTerminal;
  let person: TestPerson;
  let id: string;

  beforeEach(async () => {
    rig = await new Rig().start();
    terminal = await rig.terminal();
    person = await rig.signIn();
    id = await terminal.activated();
    await terminal.charged(id);
  });
  afterEach(() => rig.close());

  const posDay = () => ({
    day: '2026-11-21',
    posTerminalId: '12345678',
    closedAt: rig.clock.now(),
    posTotalCents: 12_345,
    charges: [{ kioskPaymentId: id, kind: 'charge', card: rig.card() }],
  });
  const match = async () => z.array(DayMatch).parse((await person.get('/console/api/match/2026-11-21')).body);

  it('is matched, sealed once, and its differences become items', async () => {
    expect(await match()).toMatchObject([{ state: 'open', outcomes: { count: 1, totalCents: 12_345 } }]);
    const early = await person.post('/console/api/match/2026-11-21/seal', {});
    expect(early.body).toMatchObject({ code: 'DAY_NOT_CLOSED' });
    const day = posDay();
    expect((await terminal.call('POST', '/api/v1/pos-days', day)).status).toBe(200);
    expect((await terminal.call('POST', '/api/v1/pos-days', day)).status).toBe(200);
    expect(await match()).toMatchObject([{ state: 'differences', differences: [{ kind: 'no-receipt' }] }]);
    const sealed = await person.post('/console/api/match/2026-11-21/seal', {});
    expect(await match()).toEqual(sealed.body);
    expect(await match()).toMatchObject([{ seal: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    const items = z.array(OperatorItem).parse((await person.get('/console/api/operator-items')).body);
    expect(items).toMatchObject([{ kind: 'match-difference', kioskPaymentId: id, amountCents: 12_345 }]);
    expect((await terminal.call('POST', '/api/v1/pos-days', day)).status).toBe(200);
    const other = await terminal.call('POST', '/api/v1/pos-days', { ...day, posTotalCents: 1 });
    expect(other.body).toMatchObject({ code: 'DAY_SEALED' });
    expect((await person.get('/console/api/seals')).body).toEqual([
      { terminalId: 'TOTEM-01', intact: true, usageGaps: 0 },
    ]);
  });

  it('calls a person when nobody closes it, and takes it back when it is closed after all', async () => {
    const items = async () => (await person.get('/console/api/operator-items')).body;
    const look = () => rig.server.reconciliation.sealPastDays();
    rig.clock.advance(35 * 3_600_000);
    person = await rig.signIn();
    await look();
    expect(await items()).toEqual([]);
    rig.clock.advance(2 * 3_600_000);
    for (let times = 0; times < 2; times++) await look();
    expect(await items()).toMatchObject([
      { kind: 'match-difference', state: 'open', reason: expect.stringMatching(/^day-not-closed/) },
    ]);
    await terminal.call('POST', '/api/v1/pos-days', posDay());
    expect(await items()).toMatchObject([{ state: 'closed' }]);
    await look();
    const states = z
      .array(OperatorItem)
      .parse(await items())
      .map(({ state }) => state);
    expect(states.sort()).toEqual(['closed', 'open']);
  });

  it('is exported payment by payment', async () => {
    const csv = await person.get('/console/api/export/2026-11-21.csv');
    expect(csv.raw.headers['content-disposition']).toContain('jolly-prova-2026-11-21.csv');
    const lines = String(csv.body).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    for (const value of [
      'TOTEM-01',
      id,
      '123.45',
      '0.00',
      '123456789012',
      'A1B2C3',
      '000123',
      'ok',
      'confirmed',
    ]) {
      expect(lines[1]).toContain(`"${value}"`);
    }
  });
});

describe('usage counts', () => {
  it('are stored once, with their gaps, and never too exact', async () => {
    const rig = await new Rig().start();
    const terminal = await rig.terminal();
    const person = await rig.signIn();
    const ts = new Date(Math.floor(rig.clock.now() / 300_000) * 300_000).toISOString();
    const event = {
      v: 1,
      kiosk: 'TOTEM-01',
      ts,
      service: 'pagopa',
      step: 'done',
      dur_bucket: 'lt2m',
      lang: 'it',
      a11y: false,
      n: 1,
    };
    const batch = (seq: number, events: object[]) => ({
      batchId: `0199a000-0000-7000-8000-00000000000${seq}`,
      seq,
      events,
      ratings: [],
    });
    for (const seq of [0, 0, 3]) {
      expect((await terminal.call('POST', '/api/v1/usage', batch(seq, [event]))).status).toBe(200);
    }
    expect((await person.get('/console/api/seals')).body).toMatchObject([{ usageGaps: 2 }]);
    const exact = { ...event, ts: new Date(rig.clock.now() + 1).toISOString(), kiosk: 'TOTEM-02' };
    expect((await terminal.call('POST', '/api/v1/usage', batch(4, [event, exact]))).body).toMatchObject({
      code: 'USAGE_REFUSED',
      faults: [{ path: 'events.1.kiosk' }, { path: 'events.1.ts' }],
    });
    await rig.close();
  });
});
