import { ALERT_RULE_NAMES, type DeviceReport } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, SAME_TROUBLE_MS, type Standing } from './plan.ts';
import { type Condition, conditionsOf, type Facts } from './rules.ts';

const device = (
  role: DeviceReport['role'],
  state: DeviceReport['state'],
  reasons: string[] = [],
): DeviceReport => ({
  role,
  uri: 'x:y',
  state,
  reasons,
  since: 0,
  counters: {},
});
const reported = (changes: Partial<Reported> = {}): Reported => ({
  software: '0.1.0',
  startedAt: 0,
  mode: 'in-service',
  devices: [device('pos', 'ready'), device('printer', 'ready'), device('barcode', 'ready')],
  limitations: [],
  consumables: [],
  openPayments: 0,
  inSession: false,
  settings: { version: 0 },
  backlog: { letters: 0, entries: 0, dropped: 0 },
  host: { memoryFreeMb: 900, memoryTotalMb: 4000, diskFreeMb: 900, diskTotalMb: 1000 },
  network: { reconnects: 0 },
  ...changes,
});
const facts = (changes: Partial<Facts> = {}): Facts => ({
  now: 1_000_000,
  online: true,
  suspect: false,
  reported: reported(),
  ...changes,
});
const rules = (changes: Partial<Facts>, settings = {}) =>
  conditionsOf(facts(changes), settings).map(({ rule, subject }) =>
    subject === '' ? rule : `${rule}:${subject}`,
  );
const withDevices = (...devices: DeviceReport[]) => ({ reported: reported({ devices }) });

describe('the rules', () => {
  it.each<[string, Partial<Facts>, string[]]>([
    ['all is well', {}, []],
    ['it has just gone', { online: false, offlineSince: 980_000 }, []],
    ['it is gone', { online: false, offlineSince: 970_000 }, ['offline']],
    ['it was never there', { online: false }, []],
    ['the printer is unplugged', withDevices(device('printer', 'unavailable')), ['printer-unavailable']],
    ['the printer has no paper', withDevices(device('printer', 'out-of-paper')), ['paper-out']],
    ['paper runs low', withDevices(device('printer', 'ready', ['paper-low'])), ['paper-low']],
    ['the POS is silent', withDevices(device('pos', 'unavailable')), ['pos-unreachable']],
    [
      'two readers are gone',
      withDevices(device('barcode', 'fault'), device('card', 'unavailable')),
      ['device-unavailable:barcode', 'device-unavailable:card'],
    ],
    ['the mains are gone', { reported: reported({ limitations: ['power-failing'] }) }, ['mains-lost']],
    ['the clock is wrong', { reported: reported({ clockSkewMs: -45_000 }) }, ['clock-skew']],
    ['outcomes wait', { backlog: { outcomes: 2, since: 1_000_000 - 16 * 60_000 } }, ['outcome-backlog']],
    ['payments fail', { payments: { begun: 10, failed: 4 } }, ['error-rate']],
    ['one of two failed', { payments: { begun: 2, failed: 1 } }, []],
    ['its key is held twice', { suspect: true }, ['key-cloned']],
    [
      'settings were refused',
      {
        reported: reported({
          settings: { version: 1, refused: { version: 2, faults: [{ path: 'a', message: 'b' }] } },
        }),
      },
      ['settings-refused'],
    ],
  ])('say what is wrong when %s', (_, changes, expected) => expect(rules(changes)).toEqual(expected));

  it('a terminal that is away says nothing about its devices', () => {
    const all = { ...withDevices(device('pos', 'unavailable')), online: false, offlineSince: 0 };
    expect(rules(all)).toEqual(['offline']);
  });

  it('can be switched off and given another threshold', () => {
    expect(rules({ online: false, offlineSince: 0 }, { offline: { on: false } })).toEqual([]);
    expect(
      rules({ online: false, offlineSince: 900_000 }, { offline: { on: true, threshold: 200 } }),
    ).toEqual([]);
  });
});

describe('the plan', () => {
  const condition = fc.record({
    rule: fc.constantFrom(...ALERT_RULE_NAMES),
    subject: fc.constantFrom('', 'card', 'barcode'),
    severity: fc.constantFrom('critical' as const, 'warning' as const),
    detail: fc.record({ n: fc.integer({ min: 0, max: 2 }) }),
  });
  const conditions = fc.uniqueArray(condition, {
    selector: ({ rule, subject }) => `${rule}/${subject}`,
    maxLength: 8,
  });

  /** Does what the plan says, as the store does. */
  function follow(standing: readonly Standing[], wrong: readonly Condition[], now: number): Standing[] {
    const result = new Map(standing.map((each) => [each.alertId, each]));
    for (const [at, step] of planOf(standing, wrong, { now, quiet: false }).entries()) {
      if (step.do === 'open') {
        const { rule, subject, detail } = step.condition;
        result.set(`${now}-${at}`, {
          alertId: `${now}-${at}`,
          rule,
          subject,
          detail,
          open: true,
          healedAt: undefined,
        });
        continue;
      }
      const before = result.get(step.alertId);
      if (!before) throw new Error('a step about an alert that is not there');
      if (step.do === 'heal') result.set(step.alertId, { ...before, open: false, healedAt: now });
      else
        result.set(step.alertId, {
          ...before,
          open: true,
          healedAt: undefined,
          detail: step.condition.detail,
        });
    }
    return [...result.values()];
  }

  it('leaves exactly one open alert for each trouble and none for what is over, whatever came before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(conditions, fc.integer({ min: 1, max: SAME_TROUBLE_MS })), { maxLength: 12 }),
        (looks) => {
          let standing: Standing[] = [];
          let now = 0;
          for (const [wrong, passed] of looks) {
            now += passed;
            standing = follow(standing, wrong, now);
            const open = standing.filter((each) => each.open);
            const key = ({ rule, subject }: { rule: string; subject: string }) => `${rule}/${subject}`;
            expect(open.map(key).toSorted()).toEqual(wrong.map(key).toSorted());
            expect(planOf(standing, wrong, { now, quiet: false })).toEqual([]);
          }
        },
      ),
    );
  });

  const gone: Condition = { rule: 'offline', subject: '', severity: 'critical', detail: {} };
  it('a trouble that comes back within ten minutes is the same alert; later it is another', () => {
    const healed: Standing = {
      alertId: 'a',
      rule: 'offline',
      subject: '',
      open: false,
      healedAt: 0,
      detail: {},
    };
    expect(planOf([healed], [gone], { now: SAME_TROUBLE_MS - 1, quiet: false })).toMatchObject([
      { do: 'reopen', alertId: 'a' },
    ]);
    expect(planOf([healed], [gone], { now: SAME_TROUBLE_MS, quiet: false })).toMatchObject([{ do: 'open' }]);
  });
  it('maintenance opens nothing, and lets what is over heal', () => {
    const open: Standing = {
      alertId: 'a',
      rule: 'paper-out',
      subject: '',
      open: true,
      healedAt: undefined,
      detail: {},
    };
    expect(planOf([open], [gone], { now: 1, quiet: true })).toEqual([{ do: 'heal', alertId: 'a' }]);
  });
  it('what was not looked at stays as it is', () => {
    const open: Standing = {
      alertId: 'a',
      rule: 'error-rate',
      subject: '',
      open: true,
      healedAt: undefined,
      detail: {},
    };
    expect(planOf([open], [], { now: 1, quiet: false, kept: ['error-rate'] })).toEqual([]);
  });
});
