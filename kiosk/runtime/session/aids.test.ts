import { noticeQr } from '@jolly/contracts/notice';
import { writePreferences } from '@jolly/contracts/preferences';
import { DEFAULT_PREFERENCES, type Intent, Snapshot } from '@jolly/contracts/terminal-channel';
import { describe, expect, it } from 'vitest';
import { NOTICE, sessionBench, settle } from '../stand-ins/index.ts';

const preferencesOf = ({ session }: ReturnType<typeof sessionBench>) => session.snapshot().preferences;

describe('the sheet with all aids', () => {
  it('opens over a page, changes one thing after another, and the page is still there', () => {
    const bench = sessionBench();
    const { session, screen, clock } = bench;
    session.intent({ type: 'start-payment' });
    session.intent({ type: 'open-aids' });
    expect(session.snapshot()).toMatchObject({ aidsSheet: true, languageSheet: false });
    const wishes: readonly Intent[] = [
      { type: 'set-theme', theme: 'dark' },
      { type: 'set-hand', hand: 'left' },
      { type: 'set-speed', speed: 1.5 },
      { type: 'volume', step: 'up' },
      { type: 'toggle-calm' },
      { type: 'toggle-more-time' },
      { type: 'toggle-abc-keys' },
    ];
    for (const wish of wishes) expect(session.intent(wish)).toBe('taken');
    expect(preferencesOf(bench)).toEqual({
      ...DEFAULT_PREFERENCES,
      theme: 'dark',
      hand: 'left',
      speed: 1.5,
      volume: 5,
      calm: true,
      moreTime: true,
      abcKeys: true,
    });
    expect(session.intent({ type: 'type-notice' })).toBe('dropped');
    session.intent({ type: 'back' });
    expect(session.snapshot().aidsSheet).toBe(false);
    expect(screen().name).toBe('pay-scan');
    clock.advance(600);
    session.intent({ type: 'start-over' });
    expect(preferencesOf(bench)).toEqual(DEFAULT_PREFERENCES);
  });

  it('takes the place of the languages, and is never open together with them', () => {
    const { session } = sessionBench();
    session.intent({ type: 'open-languages' });
    session.intent({ type: 'open-aids' });
    expect(session.snapshot()).toMatchObject({ aidsSheet: true, languageSheet: false });
    expect(session.inSession).toBe(true);
  });

  it('opens over the warning too: who opens it is there', () => {
    const { session, clock } = sessionBench();
    session.intent({ type: 'start-payment' });
    clock.advance(90_000);
    expect(session.snapshot().idle).toBeDefined();
    session.intent({ type: 'open-aids' });
    expect(session.snapshot().idle).toBeUndefined();
    expect(session.snapshot().aidsSheet).toBe(true);
  });

  it('turns the volume up and down without end, held at its ends', () => {
    const bench = sessionBench();
    const turn = (step: 'up' | 'down') => {
      bench.session.intent({ type: 'volume', step });
      bench.clock.advance(100);
    };
    for (let times = 0; times < 12; times += 1) turn('up');
    expect(preferencesOf(bench).volume).toBe(10);
    for (let times = 0; times < 12; times += 1) turn('down');
    expect(preferencesOf(bench).volume).toBe(0);
  });
});

describe('more time', () => {
  it('makes both times three times as long, from the sheet as from the warning', () => {
    const { session, clock } = sessionBench();
    session.intent({ type: 'start-payment' });
    clock.advance(90_000);
    const { secondsTotal = 0 } = session.snapshot().idle ?? {};
    session.intent({ type: 'more-time' });
    expect(session.snapshot().preferences.moreTime).toBe(true);
    clock.advance(90_000);
    expect(session.snapshot().idle).toBeUndefined();
    clock.advance(180_000);
    expect(session.snapshot().idle?.secondsTotal).toBe(secondsTotal * 3);
    expect(session.snapshot().screen.name).toBe('pay-scan');
  });
});

describe('preferences as a code', () => {
  const WISH = { ...DEFAULT_PREFERENCES, language: 'ar', textScale: 2, moreTime: true } as const;

  it('are shown beside the page, which comes back', () => {
    const { session, screen } = sessionBench();
    session.intent({ type: 'type-notice' });
    session.intent({ type: 'digit', digit: '3' });
    session.intent({ type: 'toggle-lowered' });
    session.intent({ type: 'open-aids' });
    session.intent({ type: 'show-preferences-code' });
    expect(session.snapshot().aidsSheet).toBe(false);
    expect(screen()).toEqual({
      name: 'preferences-code',
      code: writePreferences({ ...DEFAULT_PREFERENCES, lowered: true }),
    });
    session.intent({ type: 'back' });
    expect(screen()).toMatchObject({ name: 'pay-type', noticeDigits: '3' });
  });

  it.each(['home', 'pay-scan'])('are taken at %s, said for some seconds, and the page stays', (page) => {
    const { session, scan, clock, desk } = sessionBench();
    if (page === 'pay-scan') session.intent({ type: 'start-payment' });
    scan(writePreferences(WISH));
    expect(Snapshot.parse(session.snapshot())).toMatchObject({
      preferences: WISH,
      told: 'preferences-taken',
      screen: { name: page },
    });
    clock.advance(7_000);
    expect(session.snapshot().told).toBeUndefined();
    expect(session.snapshot().preferences).toEqual(WISH);
    expect(desk.payments).toEqual([]);
  });

  it('that are broken are said to be, and change nothing', () => {
    const { session, scan, clock, listening } = sessionBench();
    const code = writePreferences(WISH);
    scan(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`);
    expect(session.snapshot()).toMatchObject({
      told: 'preferences-broken',
      screen: { name: 'home' },
      preferences: DEFAULT_PREFERENCES,
    });
    clock.advance(7_000);
    expect(session.snapshot().told).toBeUndefined();
    expect(listening()).toBe(true);
    scan('JOLLY9:FROM-ANOTHER-DAY');
    expect(session.snapshot().told).toBe('preferences-broken');
  });

  it('never make the loudspeaker louder than a session begins', () => {
    const { session, scan } = sessionBench();
    scan(writePreferences({ ...WISH, volume: 10 }));
    expect(session.snapshot().preferences.volume).toBe(DEFAULT_PREFERENCES.volume);
    scan(writePreferences({ ...WISH, volume: 2 }));
    expect(session.snapshot().preferences.volume).toBe(2);
    session.headset(true);
    scan(writePreferences({ ...WISH, volume: 10 }));
    expect(session.snapshot().preferences.volume).toBe(10);
  });

  it('and a notice can be shown right after', () => {
    const { scan, screen, session } = sessionBench();
    scan(writePreferences(WISH));
    scan(noticeQr(NOTICE, 12_345));
    expect(screen().name).toBe('pay-verifying');
    expect(session.snapshot().preferences.language).toBe('ar');
  });
});

describe('a person', () => {
  it('is called once a session, and what became of it is said', async () => {
    const { session, screen, calls, clock } = sessionBench();
    session.intent({ type: 'set-language', language: 'uk' });
    session.intent({ type: 'help' });
    expect(session.intent({ type: 'call-person' })).toBe('taken');
    expect(screen()).toEqual({ name: 'help', called: 'calling' });
    await settle();
    expect(screen()).toEqual({ name: 'help', called: 'told' });
    clock.advance(1_000);
    expect(session.intent({ type: 'call-person' })).toBe('dropped');
    expect(calls).toEqual([{ language: 'uk', screen: 'help' }]);
    session.intent({ type: 'start-over' });
    session.intent({ type: 'help' });
    expect(screen()).toEqual({ name: 'help' });
  });

  it('who cannot be reached may be called again, with the code of the trouble', async () => {
    const { session, screen, calls, office, clock, scan, payment } = sessionBench();
    office.answers = false;
    scan(noticeQr(NOTICE, 1));
    payment().show({
      name: 'problem',
      kind: 'card-declined',
      money: 'nothing-charged',
      supportCode: 'PO-001 10:08',
      actions: ['finish', 'help'],
    });
    session.intent({ type: 'choose', action: 'help' });
    session.intent({ type: 'call-person' });
    await settle();
    expect(screen()).toMatchObject({ called: 'not-reached' });
    office.answers = true;
    clock.advance(1_000);
    session.intent({ type: 'call-person' });
    await settle();
    expect(screen()).toMatchObject({ called: 'told' });
    expect(calls).toEqual(
      Array.from({ length: 2 }, () => ({
        language: 'it',
        screen: 'problem',
        supportCode: 'PO-001 10:08',
      })),
    );
  });

  it('an answer that comes after the session is nobody’s', async () => {
    const { session, screen } = sessionBench();
    session.intent({ type: 'help' });
    session.intent({ type: 'call-person' });
    session.intent({ type: 'start-over' });
    session.intent({ type: 'help' });
    await settle();
    expect(screen()).toEqual({ name: 'help' });
  });
});
