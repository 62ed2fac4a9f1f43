import { noticeQr } from '@jolly/contracts/notice';
import { Intent, type ScreenName, Snapshot } from '@jolly/contracts/terminal-channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaymentScreen } from '../payments/index.ts';
import { NOTICE, sessionBench, testConfig } from '../stand-ins/index.ts';
import { placeOf } from './snapshot.ts';
import { reachableScreens } from './walk.ts';

const place = placeOf(testConfig());

describe('the pages that can be reached', () => {
  const pages = reachableScreens(place);

  it('are all those of the contract, each with a way to it', () => {
    const names = Snapshot.shape.screen.options.map((option) => option.shape.name.value);
    expect(new Set(pages.map((page) => page.screen))).toEqual(new Set<ScreenName>(names));
  });

  it('are all valid snapshots', () => {
    for (const page of pages) expect(Snapshot.safeParse(page.snapshot).error).toBeUndefined();
  });

  it('all have a way out, but where money moves or nothing works', () => {
    for (const { snapshot, key } of pages) {
      const alone = ['home', 'goodbye', 'out-of-service', 'pay-card', 'card-left'].includes(
        snapshot.screen.name,
      );
      expect([key, alone || snapshot.session?.canLeave]).toEqual([key, true]);
    }
  });

  it('include the warning and the sheet over every page where somebody stays', () => {
    const keys = pages.map((page) => page.key);
    expect(keys).toEqual(expect.arrayContaining(['pay-check warned', 'pay-scan sheet', 'pay-type warned']));
    expect(keys.filter((key) => key.startsWith('pay-card') && key.includes('warned'))).toEqual([]);
  });
});

const screens: readonly PaymentScreen[] = [
  { name: 'pay-check', notice: NOTICE },
  { name: 'pay-card', notice: NOTICE, progress: { step: 'authorising', canCancel: false } },
  { name: 'pay-done', notice: NOTICE, paper: 'failed' },
  {
    name: 'problem',
    kind: 'card-declined',
    money: 'nothing-charged',
    supportCode: 'X',
    actions: ['retry-card', 'finish'],
  },
];

const intents = fc.oneof(
  ...Intent.options.map((option): fc.Arbitrary<Intent> => {
    const type = option.shape.type.value;
    switch (type) {
      case 'open-service':
        return fc.string({ maxLength: 40 }).map((service) => ({ type, service }));
      case 'edit-field':
        return fc.constantFrom('notice' as const, 'creditor' as const).map((field) => ({ type, field }));
      case 'digit':
        return fc.integer({ min: 0, max: 9 }).map((digit) => ({ type, digit: String(digit) }));
      case 'consent':
        return fc.constantFrom(1, 12_345).map((totalCents) => ({ type, totalCents }));
      case 'choose':
        return fc
          .constantFrom('retry-card' as const, 'finish' as const, 'help' as const)
          .map((action) => ({ type, action }));
      case 'rate':
        return fc.integer({ min: 1, max: 5 }).map((stars) => ({ type, stars }));
      case 'rate-reason':
        return fc.constant({ type, reason: 'clarity' as const });
      case 'set-language':
        return fc.constantFrom('it' as const, 'en' as const).map((language) => ({ type, language }));
      default:
        return fc.constant({ type } as Intent);
    }
  }),
);

const happenings = fc.oneof(
  { weight: 6, arbitrary: intents.map((intent) => ({ intent })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 70_000 }).map((wait) => ({ wait })) },
  { weight: 2, arbitrary: fc.constantFrom(noticeQr(NOTICE, 1), 'rubbish', '').map((scan) => ({ scan })) },
  { weight: 2, arbitrary: fc.constantFrom(...screens).map((screen) => ({ screen })) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom([], ['pos-unavailable' as const], ['journal-unwritable' as const])
      .map((limits) => ({ limits })),
  },
);

describe('whatever citizens, codes, devices and time do', () => {
  it('the page is one of the contract, one payment is in front, and home knows nobody', () => {
    fc.assert(
      fc.property(fc.array(happenings, { maxLength: 60 }), (story) => {
        const bench = sessionBench();
        let seq = 0;
        bench.session.onSnapshot((snapshot) => {
          if (snapshot.seq !== seq + 1) throw new Error(`snapshot ${snapshot.seq} after ${seq}`);
          seq = snapshot.seq;
        });
        for (const event of story) {
          if ('intent' in event) bench.session.intent(event.intent);
          else if ('wait' in event) bench.clock.advance(event.wait);
          else if ('scan' in event) bench.scan(event.scan);
          else if ('limits' in event) bench.session.limitations(event.limits);
          else
            bench.desk.payments
              .at(-1)
              ?.show(event.screen, { interruptible: event.screen.name !== 'pay-card' });
          const snapshot = Snapshot.parse(bench.session.snapshot());
          const watched = bench.desk.payments.filter((payment) => payment.watched);
          expect(watched.length).toBeLessThanOrEqual(1);
          // whoever was left was told so, and once
          for (const payment of bench.desk.payments) {
            const left = payment.commands.filter((command) => command.type === 'leave').length;
            expect(left).toBe(payment.watched ? 0 : 1);
          }
          if (snapshot.screen.name === 'home') {
            expect(watched).toEqual([]);
            expect(JSON.stringify(snapshot)).not.toContain(NOTICE.noticeNumber);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('consent goes out only for the total shown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (totalCents) => {
        const { scan, session, payment } = sessionBench();
        scan(noticeQr(NOTICE, 1));
        payment().show({ name: 'pay-check', notice: NOTICE });
        const expected = totalCents === NOTICE.totalCents ? 'taken' : 'dropped';
        expect(session.intent({ type: 'consent', totalCents })).toBe(expected);
      }),
    );
  });
});
