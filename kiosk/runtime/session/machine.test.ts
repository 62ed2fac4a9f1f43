import { noticeQr } from '@jolly/contracts/notice';
import {
  Intent,
  LoginAction,
  type ScreenName,
  SecretField,
  Snapshot,
  SpeechSpeed,
  Theme,
} from '@jolly/contracts/terminal-channel';
import { cardError } from '@jolly/drivers/card';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaymentScreen } from '../payments/index.ts';
import { type FakeReader, loginBench, NOTICE, sessionBench, settle, testConfig } from '../stand-ins/index.ts';
import { placeOf } from './snapshot.ts';
import { reachableScreens } from './walk.ts';

const place = placeOf(testConfig());

describe('the pages that can be reached', () => {
  const pages = reachableScreens(place);

  it('are all those of the contract, each with a way to it', () => {
    const names = Snapshot.shape.screen.options.map((option) => option.shape.name.value);
    // not of the chart: it lies over whatever the chart shows until the terminal is taken in
    const outside: readonly ScreenName[] = ['enrolment'];
    const built = names.filter((name) => !outside.includes(name));
    expect(new Set(pages.map((page) => page.screen))).toEqual(new Set<ScreenName>(built));
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
    expect(keys).toEqual(
      expect.arrayContaining([
        'pay-check warned',
        'pay-scan sheet',
        'pay-type warned',
        'pay-check aids',
        'home aids',
        'goodbye aids',
        'login-secret aids',
        'help told',
        'help not-reached',
      ]),
    );
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
      case 'login':
        return fc.constantFrom(...LoginAction.options).map((action) => ({ type, action }));
      case 'rate-reason':
        return fc.constant({ type, reason: 'clarity' as const });
      case 'services-page':
        return fc.integer({ min: 1, max: 3 }).map((page) => ({ type, page }));
      case 'choose-service':
        return fc.constantFrom('pagamenti.multe', 'pagamenti.gone').map((service) => ({ type, service }));
      case 'write':
        return fc.constantFrom('1', 'A', 'è').map((text) => ({ type, text }));
      case 'pick':
        return fc.constantFrom('a', 'z').map((value) => ({ type, value }));
      case 'correct':
        return fc.constantFrom('plate', 'gone').map((field) => ({ type, field }));
      case 'set-language':
        return fc.constantFrom('it' as const, 'en' as const).map((language) => ({ type, language }));
      case 'set-theme':
        return fc.constantFrom(...Theme.options).map((theme) => ({ type, theme }));
      case 'set-hand':
        return fc.constantFrom('right' as const, 'left' as const).map((hand) => ({ type, hand }));
      case 'set-speed':
        return fc
          .constantFrom(...SpeechSpeed.options.map((option) => option.value))
          .map((speed) => ({ type, speed }));
      case 'volume':
        return fc.constantFrom('up' as const, 'down' as const).map((step) => ({ type, step }));
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
  { weight: 1, arbitrary: fc.boolean().map((plugged) => ({ plugged })) },
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
          else if ('plugged' in event) bench.session.headset(event.plugged);
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

const RESTING: ReadonlySet<ScreenName> = new Set([
  'home',
  'signed-in',
  'coming-soon',
  'pay-scan',
  'pay-type',
  'pin-done',
]);

/** What can happen at the card reader, at the server and on the pad. */
const cardHappenings = fc.oneof(
  { weight: 6, arbitrary: intents.map((intent) => ({ intent })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 70_000 }).map((wait) => ({ wait })) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('cie', 'cns', 'other', 'take', 'several', 'mute', 'unavailable')
      .map((card) => ({ card })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({
        field: fc.constantFrom(...SecretField.options),
        key: fc.constantFrom('1', '7', 'enter', 'clear'),
      })
      .map((key) => ({ key })),
  },
  { weight: 3, arbitrary: fc.constantFrom('73914826', '48261593', '11111111').map((typed) => ({ typed })) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('PIN_WRONG', 'PIN_UNCERTAIN', 'PIN_BLOCKED', 'CARD_REMOVED', 'CARD_MUTE')
      .map((fails) => ({ fails })),
  },
  { weight: 1, arbitrary: fc.boolean().map((silent) => ({ silent })) },
);

/** The pad keeps its field while a page that leads back to it is read. */
const ON_OR_BESIDE_THE_PAD: ReadonlySet<string> = new Set([
  'login-secret',
  'help',
  'preferences-code',
  'statement',
]);

describe('whatever citizens, cards, server and time do', () => {
  it('each PIN goes out once, on the page that asks, and who left is signed in nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cardHappenings, { maxLength: 40 }), async (story) => {
        const bench = loginBench({ withoutPin: true });
        const { session, reader, server, pad, logins, clock } = bench;
        let entered = 0;
        for (const event of story) {
          if ('intent' in event) session.intent(event.intent);
          else if ('wait' in event) clock.advance(event.wait);
          else if ('card' in event) move(reader, event.card);
          else if ('key' in event) {
            const before = pad.counters.taken;
            pad.key({ type: 'secret', ...event.key });
            if (event.key.key === 'enter' && pad.counters.taken > before) entered += 1;
          } else if ('typed' in event) {
            for (const digit of event.typed) bench.key(digit as '1');
            clock.advance(600);
            const before = pad.counters.taken;
            bench.key('enter');
            if (pad.counters.taken > before) entered += 1;
          } else if ('fails' in event) reader.failing.push(cardError(event.fails, { triesLeft: 1 }));
          else server.failing = event.silent ? new Error('silent') : undefined;
          await settle();
          const { screen, citizen, session: open } = Snapshot.parse(session.snapshot());
          const sent = reader.acts.filter((act) => act.act !== 'look').length;
          // fields of a new PIN are entered too, and never sent alone
          expect(sent).toBeLessThanOrEqual(entered);
          expect(pad.field === undefined || ON_OR_BESIDE_THE_PAD.has(screen.name)).toBe(true);
          // nobody goes on as somebody whose card may be another's
          if (citizen && RESTING.has(screen.name)) expect(logins.card).not.toBe('unseen');
          if (!open) expect([citizen, logins.signedIn, pad.field]).toEqual([undefined, undefined, undefined]);
        }
        session.intent({ type: 'start-over' });
        session.close();
        await logins.close();
        expect(reader.watched).toBe(false);
      }),
      { numRuns: 120 },
    );
  });
});

function move(reader: FakeReader, card: string): void {
  if (card === 'take') reader.take();
  else if (card === 'several' || card === 'mute') reader.show({ state: card });
  else if (card === 'unavailable') reader.show({ state: card, reason: 'no-readers' });
  else reader.lay(card === 'cns' ? 'cns' : 'cie', card);
}
