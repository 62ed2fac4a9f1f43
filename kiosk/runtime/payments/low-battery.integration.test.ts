import type { Power } from '@jolly/drivers/ups';
import { afterEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../../tests/power-cut/world/citizen.ts';
import { NOTICE, World } from '../../../tests/power-cut/world/index.ts';
import { PowerKeeper } from '../power/index.ts';
import type { PaymentCommand, PaymentScreen } from './port.ts';

const PATIENCE_MS = 60_000;

let world: World;
afterEach(() => world.close());

interface Case {
  readonly name: string;
  readonly set?: (world: World) => void;
  readonly answer?: (screen: PaymentScreen) => PaymentCommand | undefined;
}

/** A payment on a UPS whose battery is low from the `at`-th change of the desk on; the terminal stops where it is told to. */
async function pay({ set, answer = (screen) => answerTo(screen, false) }: Case, at: number) {
  world = new World();
  set?.(world);
  await world.boot();
  const { desk, clock } = world;
  if (!desk) throw new Error('no desk');
  const payment = desk.open(NOTICE);
  let power: Power = 'battery';
  let tell = (): void => undefined;
  let lowAt: number | undefined;
  let downAt: number | undefined;
  let changes = 0;
  let busySeen = false;
  const reading = () => ({ power, charge: undefined, runtimeSeconds: undefined, tokens: [] });
  const keeper = new PowerKeeper({
    ups: {
      get reading() {
        return reading();
      },
      onPower: (listener) => {
        tell = () => listener(reading());
        return () => undefined;
      },
    },
    clock,
    busy: () => desk.busy,
    patienceMs: PATIENCE_MS,
    silenceMs: 30_000,
    shutDown: () => {
      downAt = clock.now();
      // what happens after this instant happens without the terminal
      world.power.cut();
    },
    changed: () => undefined,
    log: () => undefined,
  });
  desk.onChange(() => {
    changes++;
    busySeen ||= desk.busy;
    keeper.look();
    if (changes !== at) return;
    power = 'low';
    lowAt = clock.now();
    tell();
  });
  let seen = '';
  let left = false;
  await world.pass(
    90_000,
    () => {
      const key = JSON.stringify(payment.screen);
      if (downAt !== undefined || (left && desk.openPayments === 0)) return true;
      if (key === seen) return false;
      seen = key;
      const command = answer(payment.screen);
      left ||= command?.type === 'leave';
      if (command) payment.send(command);
      return false;
    },
    20,
  );
  keeper.stop();
  const { pos, journal, slips } = world.evidence();
  const waitedMs = lowAt === undefined || downAt === undefined ? undefined : downAt - lowAt;
  return { changes, pos, journal, slips, down: downAt !== undefined, busySeen, waitedMs };
}

const phone: NonNullable<Case['answer']> = (screen) => {
  // looks at the address before going
  if (screen.name === 'pay-done' || screen.name === 'problem') {
    const there = 'receiptUrl' in screen && screen.receiptUrl !== undefined;
    return there || screen.name === 'problem' ? { type: 'leave', reason: 'left' } : undefined;
  }
  return answerTo(screen, false);
};

const CASES: readonly Case[] = [
  { name: 'approved' },
  { name: 'declined', set: ({ pos }) => Object.assign(pos.script, { card: 'decline' }) },
  { name: 'an answer that was lost', set: ({ pos }) => Object.assign(pos.script, { card: 'lost-charged' }) },
  { name: 'a silent node', set: ({ fleet }) => Object.assign(fleet.script, { node: 'silent' }) },
  { name: 'a late token', set: ({ fleet }) => Object.assign(fleet.script, { node: 'late' }) },
  { name: 'a duplicate', set: ({ fleet }) => Object.assign(fleet.script, { node: 'duplicate' }) },
  {
    name: 'a duplicate that is not taken back',
    set: ({ fleet, pos }) => {
      fleet.script.node = 'duplicate';
      pos.script.reversal = 'decline';
    },
  },
  { name: 'an outcome refused', set: ({ fleet }) => Object.assign(fleet.script, { node: 'rejected' }) },
];

describe('a battery that runs low during a payment', () => {
  it.each(CASES)('takes nothing from the citizen at any step: $name', async (each) => {
    const { changes } = await pay(each, 0);
    expect(changes).toBeGreaterThan(5);
    for (let at = 1; at <= changes; at++) {
      await world.close();
      const { down, pos, journal, slips, waitedMs } = await pay(each, at);
      expect(down, `change ${at}`).toBe(true);
      expect(waitedMs, `change ${at}`).toBeLessThan(PATIENCE_MS);
      const where = `low at change ${at}, ended in ${journal.map(({ state }) => state).join()}`;
      for (const { state } of journal)
        expect(
          ['ANNOUNCED', 'CHARGING', 'CHARGE_UNKNOWN', 'REFUND_DUE', 'REVERSING', 'CHARGED'],
          where,
        ).not.toContain(state);
      const kinds = slips.map(({ kind }) => kind);
      const charged = pos.some(({ kind }) => kind === 'charge');
      const returned = pos.some(({ kind }) => kind === 'reversal');
      if (returned) expect(kinds, where).toContain('reversal-slip');
      else if (charged)
        expect(
          kinds.some((kind) => kind === 'receipt' || kind === 'provisional-slip'),
          where,
        ).toBe(true);
    }
  });

  it('waits for who takes the receipt on the phone until they go', async () => {
    const out: Case = {
      name: '',
      set: ({ printer }) => Object.assign(printer.script, { paper: 'out' }),
      answer: phone,
    };
    const { changes } = await pay(out, 0);
    for (let at = 1; at <= changes; at++) {
      await world.close();
      const { pos, journal, down } = await pay(out, at);
      expect(down).toBe(true);
      if (pos.length > 0)
        expect(journal, `change ${at}`).toMatchObject([{ state: 'CONFIRMED', given: true }]);
    }
  });

  it('does not wait for paper that cannot come', async () => {
    const jammed: Case = {
      name: '',
      set: ({ printer, fleet }) => {
        printer.script.failNext = true;
        fleet.script.link = false;
      },
      answer: (screen) => (screen.name === 'pay-done' ? undefined : answerTo(screen, false)),
    };
    const { changes } = await pay({ ...jammed }, 0);
    await world.close();
    const { down, waitedMs } = await pay(jammed, changes);
    expect([down, waitedMs]).toEqual([true, 0]);
  });

  it('waits for a terminal that does not answer for as long as its patience, and no longer', async () => {
    const silent: Case = {
      name: '',
      set: ({ pos }) => Object.assign(pos.script, { card: 'lost-charged' }),
    };
    const { changes } = await pay(silent, 0);
    await world.close();
    const dead: Case = {
      name: '',
      set: ({ pos }) => Object.assign(pos.script, { card: 'lost-charged' }),
      answer: (screen) => {
        // the line is lost once the card is asked for
        if (screen.name === 'pay-card' && screen.progress.step === 'waiting-card')
          world.pos.script.reachable = false;
        return answerTo(screen, false);
      },
    };
    let waited = 0;
    for (let at = 1; at <= changes && waited === 0; at++) {
      const { waitedMs } = await pay(dead, at);
      if (waitedMs !== undefined && waitedMs > 0) waited = waitedMs;
      await world.close();
    }
    expect(waited).toBeGreaterThanOrEqual(PATIENCE_MS);
    expect(waited).toBeLessThan(PATIENCE_MS + 1_000);
  });
});
