import { type Cents, cents } from '@jolly/contracts/values';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../tests/power-cut/invariant.ts';
import { SCENARIOS } from '../../../tests/power-cut/scenarios.ts';
import { guarded, NOTICE, type NodeMood, visit, World } from '../../../tests/power-cut/world/index.ts';

let world: World;
afterEach(() => world.close());

const drained = () => world.desk?.outboxDepth === 0 && world.desk.openPayments === 0;

async function open(set: (world: World) => void = () => undefined): Promise<World> {
  world = new World();
  set(world);
  await world.boot();
  world.payment = world.desk?.open(NOTICE);
  return world;
}

const until = (name: string) => world.pass(30_000, () => world.payment?.screen.name === name, 20);
const state = () => world.evidence().journal[0]?.state;
const kinds = () => world.printer.slips.map(({ kind }) => kind);

describe('a payment in front of the citizen', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s: the money adds up',
    async (_, scenario) => {
      await open(scenario.set);
      await visit(world, scenario.habits);
      await world.pass(900_000, drained, 100);
      world.fleet.settle();
      expect(violations(world.evidence())).toEqual([]);
    },
  );

  it('charges once for ten taps on Pay', async () => {
    await open();
    await until('pay-check');
    for (let tap = 0; tap < 10; tap++) world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('pay-done');
    expect(world.pos.ledger).toHaveLength(1);
  });

  it('does not take a consent on another total', async () => {
    await open();
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 1 });
    await world.pass(1_000);
    expect(world.payment?.screen.name).toBe('pay-check');
  });

  it('asks for consent again when the total changed, and frees the notice on refusal', async () => {
    await open(({ fleet }) => {
      fleet.script.amountChanges = true;
    });
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('pay-changed');
    expect(world.payment?.screen).toMatchObject({
      previousTotalCents: 12_345,
      notice: { totalCents: 13_345 },
    });
    world.payment?.send({ type: 'refuse' });
    await world.pass(5_000, drained);
    expect(state()).toBe('CANCELLED');
    expect(world.pos.ledger).toEqual([]);
  });

  it('shows "being registered" with a provisional slip while the node is silent, and the receipt when it speaks', async () => {
    await open(({ fleet }) => {
      fleet.script.node = 'silent';
    });
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('problem');
    await world.pass(1_000);
    expect(world.payment?.screen).toMatchObject({
      kind: 'outcome-pending',
      money: 'charged-registering',
      paper: 'printed',
    });
    world.fleet.nodeWakes();
    await until('pay-done');
    await world.pass(1_000);
    expect(kinds()).toEqual(['provisional-slip', 'receipt']);
  });

  it('never reverses a late token', async () => {
    await open(({ fleet }) => {
      fleet.script.node = 'late';
    });
    await visit(world);
    await world.pass(60_000, drained, 50);
    expect(world.pos.ledger.map(({ kind }) => kind)).toEqual(['charge']);
    expect(kinds()).toEqual(['provisional-slip']);
  });

  it('gives the money back on a duplicate', async () => {
    await open(({ fleet }) => {
      fleet.script.node = 'duplicate';
    });
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('problem');
    await world.pass(1_000);
    expect(world.payment?.screen).toMatchObject({ kind: 'duplicate-returned', money: 'returned' });
    expect(world.pos.ledger.map(({ kind }) => kind)).toEqual(['charge', 'reversal']);
    expect(kinds()).toEqual(['reversal-slip']);
  });

  it('marks a second receipt as a duplicate', async () => {
    await open();
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('pay-done');
    await world.pass(1_000);
    world.payment?.send({ type: 'reprint' });
    await world.pass(1_000);
    expect(kinds()).toEqual(['receipt', 'receipt-duplicate']);
  });

  it.each([
    ['before the consent', 'pay-check'],
    ['while the notice is being held', 'pay-activating'],
  ])('asks for no card once the cabinet was opened %s, and frees the notice', async (_, page) => {
    await open();
    await until('pay-check');
    if (page === 'pay-check') world.doorOpen = true;
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until(page === 'pay-check' ? 'problem' : page);
    world.doorOpen = true;
    await until('problem');
    expect(world.payment?.screen).toMatchObject({ kind: 'door-open', money: 'nothing-charged' });
    await world.pass(1_000);
    const [record] = world.fleet.records.values();
    expect([record?.state, world.pos.ledger]).toEqual(['cancelled', []]);
    expect(world.evidence().journal).toEqual([expect.not.objectContaining({ announced: expect.anything() })]);
  });

  it('offers another card after a refusal and cancels when the token runs short', async () => {
    await open(({ pos }) => {
      pos.script.card = 'decline';
    });
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('problem');
    expect(world.payment?.screen).toMatchObject({
      kind: 'card-declined',
      actions: ['retry-card', 'finish', 'help'],
    });
    await world.pass(500_000, () => false, 1_000);
    expect(world.payment?.screen).toMatchObject({ kind: 'card-declined', actions: ['finish', 'help'] });
    expect(state()).toBe('CANCELLED');
  });

  it('believes the terminal when it remembers a charge that its answer denied', async () => {
    await open(({ pos }) => {
      pos.script.card = 'contradict';
    });
    await until('pay-check');
    world.payment?.send({ type: 'consent', totalCents: 12_345 });
    await until('problem');
    world.payment?.send({ type: 'retry-card' });
    await until('pay-done');
    expect(world.pos.ledger).toHaveLength(1);
  });

  it('takes no second payment on a notice whose charge is unknown', async () => {
    await open(({ pos }) => {
      pos.script.card = 'lost-charged';
      pos.script.undecidable = true;
    });
    await visit(world);
    world.pos.script.card = 'approve';
    world.payment = world.desk?.open(NOTICE);
    await until('problem');
    expect(world.payment?.screen).toMatchObject({ kind: 'notice-in-progress', money: 'nothing-charged' });
    expect(world.pos.ledger).toHaveLength(1);
  });

  it('says before it starts what does not work', async () => {
    await open();
    expect(world.desk?.limitations()).toEqual([]);
    world.fleet.script.reachable = false;
    world.pos.script.reachable = false;
    world.printer.script.paper = 'out';
    expect(world.desk?.limitations()).toEqual(['payments-offline', 'pos-unavailable', 'printer-paper-out']);
    expect(() => world.desk?.open(NOTICE)).toThrow(/PAYMENT_RUNNING/);
  });

  it('sends the figures of the day once, whatever the server does', async () => {
    await open();
    await visit(world);
    world.fleet.script.reachable = false;
    await world.desk?.closeDay('2026-11-21', { askPos: true, insist: true });
    await world.desk?.closeDay('2026-11-21', { askPos: true, insist: true });
    await world.pass(1_000);
    world.fleet.script.reachable = true;
    await world.pass(60_000, drained, 100);
    expect(world.fleet.days).toHaveLength(1);
    expect(world.fleet.days[0]).toMatchObject({ posTotalCents: 12_345, charges: [{ kind: 'charge' }] });
  });

  it('delivers a day on which more was given back than charged', async () => {
    await open();
    await visit(world);
    world.pos.ledger.push({ kind: 'reversal', stan: '000900', amountCents: cents(20_000), at: 0 });
    await world.desk?.closeDay('2026-11-21', { askPos: true, insist: true });
    await world.pass(60_000, drained, 100);
    expect(world.fleet.days).toMatchObject([{ posTotalCents: -7_655 }]);
  });

  it('sets the figures of a day aside that are none, and shows them to the technician', async () => {
    await open();
    await visit(world);
    world.pos.ledger.push({ kind: 'charge', stan: '000900', amountCents: 0.5 as Cents, at: 0 });
    await world.desk?.closeDay('2026-11-21', { askPos: true, insist: true });
    await world.pass(60_000, drained, 100);
    expect(world.desk?.outboxDepth).toBe(0);
    expect(world.fleet.days).toEqual([]);
    const out: string[] = [];
    const { runJournalCommand } = await import('../journal/index.ts');
    runJournalCommand(['open', '--data', world.dir], { out: (line) => out.push(line), err: () => undefined });
    expect(out).toContain('  pos-day  day:2026-11-21  LETTER_UNFIT');
    expect(await world.desk?.closeDay('2026-11-21', { askPos: true, insist: true })).toBe('nothing-to-do');
  });

  it('leaves the POS alone for an empty day when today has its own charges', async () => {
    await open();
    await visit(world);
    const empty = await world.desk?.closeDay('2026-11-20', { askPos: true, insist: true });
    expect(empty).toBe('nothing-to-do');
    expect(world.fleet.days).toEqual([]);
  });

  it('journals no text of the notice and no more of the card than its mask', async () => {
    await open();
    await visit(world);
    const { readJournal } = await import('../journal/index.ts');
    const reader = readJournal(world.dir);
    const all = JSON.stringify([
      reader.payments(),
      reader.payments().flatMap(({ paymentId }) => reader.steps(paymentId)),
    ]);
    reader.close();
    expect(all).not.toMatch(/TARI|Comune di Prova/);
    expect(all).not.toMatch(/"(description|creditorName|office|debtor\w*|fullName)"/);
    const pans = [...all.matchAll(/"maskedPan":"([^"]*)"/g)].map(([, pan]) => pan);
    expect(new Set(pans)).toEqual(new Set(['533317******5938']));
  });
});

const node = fc.constantFrom<NodeMood>(
  'ok',
  'silent',
  'late',
  'duplicate',
  'discordant',
  'token-unknown',
  'rejected',
);
const script = fc.record({
  node,
  card: fc.constantFrom('approve', 'decline', 'cancel', 'not-started', 'lost-charged', 'lost-not-charged'),
  reversal: fc.constantFrom('approve', 'decline', 'lost-done', 'lost-not-done'),
  undecidable: fc.boolean(),
  paper: fc.constantFrom('ok', 'out'),
  failNext: fc.boolean(),
  amountChanges: fc.boolean(),
  link: fc.boolean(),
  /** Most runs begin with a payment that has already got as far as the card. */
  walk: fc.constantFrom(false, true, true, true),
  lose: fc.record({ activate: fc.nat(4), outcome: fc.nat(3), facts: fc.nat(3) }),
});

/** What can happen next, in any order: the citizen, the world, the mains. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 5, max: 400 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 400, max: 15_000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      what: fc.constantFrom(
        'consent',
        'accept-phone-receipt',
        'refuse',
        'cancel-card',
        'retry-card',
        'retry',
        'reprint',
        'leave',
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('open' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('server' as const), up: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pos' as const), up: fc.boolean() }) },
);

describe('any interleaving of citizen, answers and power cuts', () => {
  it('keeps the money invariant', async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.array(happening, { minLength: 4, maxLength: 24 }),
        async (settings, happenings) => {
          world = new World();
          Object.assign(world.pos.script, {
            card: settings.card,
            reversal: settings.reversal,
            undecidable: settings.undecidable,
          });
          Object.assign(world.printer.script, { paper: settings.paper, failNext: settings.failNext });
          const { amountChanges, link, lose } = settings;
          Object.assign(world.fleet.script, { node: settings.node, amountChanges, link, lose: { ...lose } });
          try {
            await world.boot();
            if (settings.walk) {
              world.payment = world.desk?.open(NOTICE);
              await until('pay-check');
              world.payment?.send({ type: 'consent', totalCents: 12_345 });
            }
            for (const happens of happenings) {
              const { payment, desk } = world;
              if (happens.kind === 'time')
                await world.pass(happens.ms, () => false, happens.ms > 400 ? 50 : 5);
              if (happens.kind === 'cut') await world.reboot();
              if (happens.kind === 'server') world.fleet.script.reachable = happens.up;
              if (happens.kind === 'pos') world.pos.script.reachable = happens.up;
              if (happens.kind === 'open') {
                try {
                  world.payment = desk?.open(NOTICE);
                } catch (error) {
                  expect(String(error)).toMatch(/PAYMENT_RUNNING/);
                }
              }
              if (happens.kind === 'say' && payment) {
                const { screen } = payment;
                const totalCents = 'notice' in screen && screen.notice ? screen.notice.totalCents : 0;
                const { what } = happens;
                guarded(() =>
                  payment.send(
                    what === 'consent'
                      ? { type: what, totalCents }
                      : what === 'leave'
                        ? { type: what, reason: 'idle' }
                        : { type: what as 'refuse' },
                  ),
                );
              }
            }
            world.fleet.script.reachable = true;
            world.pos.script.reachable = true;
            guarded(() => world.payment?.send({ type: 'leave', reason: 'left' }));
            await world.pass(120_000, drained, 50);
            guarded(() => world.payment?.send({ type: 'leave', reason: 'left' }));
            await world.pass(1_200_000, drained, 500);
            world.fleet.settle();
            expect(violations(world.evidence())).toEqual([]);
          } finally {
            await world.close();
          }
        },
      ),
      { numRuns: Number(process.env.JOLLY_RUNS ?? 150) },
    );
  }, 120_000);
});
