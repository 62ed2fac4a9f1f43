import { noticeQr } from '@jolly/contracts/notice';
import { Snapshot } from '@jolly/contracts/terminal-channel';
import { describe, expect, it } from 'vitest';
import { NOTICE, sessionBench, testConfig } from '../stand-ins/index.ts';

const QR = noticeQr(NOTICE, 12_345);

/** Scans a notice and lets the desk show its check page. */
function atCheck() {
  const bench = sessionBench();
  bench.scan(QR);
  bench.payment().show({ name: 'pay-check', notice: NOTICE });
  return bench;
}

function atDone() {
  const bench = atCheck();
  bench.session.intent({ type: 'consent', totalCents: 12_345 });
  bench
    .payment()
    .show({ name: 'pay-done', notice: NOTICE, paper: 'printed' }, { money: 'charged-registered' });
  return bench;
}

describe('the way to a payment', () => {
  it('starts at home, for nobody', () => {
    const { session, listening } = sessionBench();
    expect(Snapshot.parse(session.snapshot())).toMatchObject({ screen: { name: 'home' }, seq: 0 });
    expect(session.inSession).toBe(false);
    expect(listening()).toBe(true);
  });

  it('starts a payment with a scan on home', () => {
    const { scan, screen, listening, payment, uses } = sessionBench();
    scan(QR);
    expect(screen()).toEqual({ name: 'pay-verifying' });
    expect(listening()).toBe(false);
    payment().show({ name: 'pay-check', notice: NOTICE });
    expect(screen()).toMatchObject({ name: 'pay-check' });
    expect(uses).toEqual(['pagopa open', 'pagopa use']);
  });

  it('says why a scan is no notice and keeps listening', () => {
    const { scan, screen, listening, session } = sessionBench();
    scan('https://example.org');
    expect(screen()).toEqual({ name: 'pay-scan', refused: 'web-link' });
    expect(listening()).toBe(true);
    session.intent({ type: 'back' });
    session.intent({ type: 'start-payment' });
    expect(screen()).toEqual({ name: 'pay-scan' });
  });

  it('types a notice, its check digits tested while typing', () => {
    const { session, screen, clock, payment } = sessionBench();
    session.intent({ type: 'start-payment' });
    session.intent({ type: 'type-notice' });
    expect(screen()).toMatchObject({ field: 'notice', creditorDigits: '84006890481', canContinue: false });
    for (const digit of '302000100000000001') {
      session.intent({ type: 'digit', digit });
      clock.advance(100);
    }
    const typed = screen();
    if (typed.name !== 'pay-type') throw new Error('not typing');
    expect(typed.noticeDigits).toBe('302000100000000001');
    if (!typed.canContinue) {
      expect(session.intent({ type: 'submit-notice' })).toBe('dropped');
      expect(typed.noticeOk).toBe(false);
    }
    session.intent({ type: 'clear-field' });
    const good = `3020001000000000${String(3020001000000000n % 93n).padStart(2, '0')}`;
    for (const digit of good) {
      session.intent({ type: 'digit', digit });
      clock.advance(100);
    }
    expect(screen()).toMatchObject({ noticeOk: true, creditorOk: true, canContinue: true });
    session.intent({ type: 'edit-field', field: 'creditor' });
    session.intent({ type: 'erase' });
    expect(screen()).toMatchObject({ field: 'creditor', creditorDigits: '8400689048', canContinue: false });
    session.intent({ type: 'digit', digit: '1' });
    session.intent({ type: 'submit-notice' });
    expect(screen()).toEqual({ name: 'pay-verifying' });
    payment().show({ name: 'pay-check', notice: NOTICE });
    session.intent({ type: 'back' });
    expect(screen()).toEqual({ name: 'pay-scan' });
    expect(payment().commands).toEqual([{ type: 'leave', reason: 'left' }]);
  });

  it('goes to typing at once where the reader is missing', () => {
    const { session, screen } = sessionBench();
    session.limitations(['barcode-unavailable']);
    session.intent({ type: 'start-payment' });
    expect(screen().name).toBe('pay-type');
    expect(session.intent({ type: 'scan-notice' })).toBe('dropped');
    session.intent({ type: 'back' });
    expect(screen().name).toBe('home');
  });

  it('says before anything starts that no payment can be taken', () => {
    const { session, screen, desk, scan } = sessionBench();
    session.limitations(['pos-unavailable']);
    scan(QR);
    expect(screen()).toMatchObject({ name: 'problem', kind: 'pos-unavailable', money: 'nothing-charged' });
    expect(desk.payments).toHaveLength(0);
    session.intent({ type: 'choose', action: 'finish' });
    expect(screen().name).toBe('goodbye');
  });

  it('survives a desk that is taken', () => {
    const { session, screen, desk, scan } = sessionBench();
    desk.refusing = true;
    scan(QR);
    expect(screen()).toMatchObject({ name: 'problem', kind: 'unexpected' });
    session.intent({ type: 'start-over' });
    expect(screen().name).toBe('home');
  });
});

describe('consent', () => {
  it('is refused on another total than the one shown', () => {
    const { session, payment } = atCheck();
    expect(session.intent({ type: 'consent', totalCents: 12_344 })).toBe('dropped');
    expect(session.intent({ type: 'consent', totalCents: 12_345 })).toBe('taken');
    expect(payment().commands).toEqual([{ type: 'consent', totalCents: 12_345 }]);
  });

  it('is given once by ten quick taps', () => {
    const { session, payment } = atCheck();
    for (let tap = 0; tap < 10; tap++) {
      session.intent({ type: 'touched' });
      session.intent({ type: 'consent', totalCents: 12_345 });
    }
    expect(payment().commands).toHaveLength(1);
    expect(session.counters).toMatchObject({ taken: 1, bounced: 9 });
  });

  it('is asked again when the total changed', () => {
    const { session, payment } = atCheck();
    const changed = { ...NOTICE, totalCents: NOTICE.amountCents };
    payment().show({ name: 'pay-changed', notice: changed, previousTotalCents: NOTICE.totalCents });
    expect(session.intent({ type: 'consent', totalCents: 1 })).toBe('dropped');
    session.intent({ type: 'refuse' });
    expect(payment().commands).toEqual([{ type: 'refuse' }, { type: 'leave', reason: 'left' }]);
    expect(session.snapshot().screen.name).toBe('pay-scan');
  });
});

describe('while the card works', () => {
  it('lets nobody leave, and warns nobody', () => {
    const { session, payment, clock } = atCheck();
    payment().show(
      { name: 'pay-card', notice: NOTICE, progress: { step: 'waiting-card', canCancel: true } },
      { interruptible: false, money: 'unknown' },
    );
    for (const type of ['leave', 'start-over', 'back', 'help'] as const) {
      expect(session.intent({ type })).toBe('dropped');
    }
    clock.advance(600_000);
    expect(session.snapshot()).toMatchObject({ screen: { name: 'pay-card' }, session: { canLeave: false } });
    expect(session.snapshot().idle).toBeUndefined();
    expect(session.intent({ type: 'cancel-card' })).toBe('taken');
    expect(payment().commands).toEqual([{ type: 'cancel-card' }]);
  });

  it('offers only the ways on that the page shows', () => {
    const { session, payment } = atCheck();
    payment().show({
      name: 'problem',
      kind: 'card-declined',
      money: 'nothing-charged',
      supportCode: 'A1',
      actions: ['retry-card', 'help'],
    });
    expect(session.intent({ type: 'choose', action: 'finish' })).toBe('dropped');
    session.intent({ type: 'choose', action: 'help' });
    expect(session.snapshot().screen).toEqual({ name: 'help', supportCode: 'A1' });
    session.intent({ type: 'back' });
    session.intent({ type: 'choose', action: 'retry-card' });
    expect(payment().commands).toEqual([{ type: 'retry-card' }]);
  });
});

describe('after the payment', () => {
  it('takes stars, then one reason, and says goodbye', () => {
    const { session, screen, ratings, clock, uses, payment } = atDone();
    session.intent({ type: 'rate', stars: 4 });
    expect(screen()).toEqual({ name: 'rating-reason', stars: 4 });
    session.intent({ type: 'back' });
    expect(screen()).toMatchObject({ name: 'pay-done', stars: 4 });
    clock.advance(1000);
    session.intent({ type: 'rate', stars: 5 });
    session.intent({ type: 'rate-reason', reason: 'clarity' });
    expect(screen()).toEqual({ name: 'goodbye' });
    expect(ratings).toEqual([{ service: 'pagopa', stars: 5, reason: 'clarity', lang: 'it' }]);
    expect(uses).toEqual(['pagopa open', 'pagopa use', 'pagopa done']);
    expect(payment().watched).toBe(false);
    clock.advance(6000);
    expect(screen()).toEqual({ name: 'home' });
  });

  it('keeps the stars of a person who just walks away', () => {
    const { session, ratings, clock } = atDone();
    session.intent({ type: 'rate', stars: 2 });
    clock.advance(60_000 + 40_000);
    expect(session.snapshot().screen.name).toBe('home');
    expect(ratings).toEqual([{ service: 'pagopa', stars: 2, lang: 'it' }]);
  });

  it('pays another notice in the same session', () => {
    const { session, screen, scan, desk } = atDone();
    session.intent({ type: 'set-language', language: 'en' });
    session.intent({ type: 'another-notice' });
    expect(screen()).toEqual({ name: 'pay-scan' });
    scan(QR);
    expect(desk.payments).toHaveLength(2);
    expect(session.snapshot().preferences.language).toBe('en');
  });

  it('reads another notice when this is not the one to pay', () => {
    const { session, screen, payment, desk, scan } = atCheck();
    session.intent({ type: 'another-notice' });
    expect(screen()).toEqual({ name: 'pay-scan' });
    expect(payment().watched).toBe(false);
    scan(QR);
    expect(desk.payments).toHaveLength(2);
  });
});

describe('a citizen who went away', () => {
  it('is warned, counted down one step a second, and wiped', () => {
    const { session, clock, payment, uses } = atCheck();
    session.intent({ type: 'set-language', language: 'en' });
    clock.advance(59_000);
    expect(session.snapshot().idle).toBeUndefined();
    clock.advance(1000);
    expect(session.snapshot().idle).toEqual({ secondsLeft: 40, secondsTotal: 40, money: 'nothing-charged' });
    clock.advance(1000);
    expect(session.snapshot().idle?.secondsLeft).toBe(39);
    clock.advance(39_000);
    const after = session.snapshot();
    expect(after).toMatchObject({ screen: { name: 'home' }, preferences: { language: 'it' } });
    expect(after.session).toBeUndefined();
    expect(payment().commands).toEqual([{ type: 'leave', reason: 'idle' }]);
    expect(uses.at(-1)).toBe('pagopa abandon');
    expect(JSON.stringify(after)).not.toContain(NOTICE.noticeNumber);
  });

  it('stays with "still here", as often as asked', () => {
    const { session, clock } = atCheck();
    for (let time = 0; time < 12; time++) {
      clock.advance(61_000);
      expect(session.snapshot().idle).toBeDefined();
      session.intent({ type: 'still-here' });
      expect(session.snapshot().idle).toBeUndefined();
    }
    expect(session.snapshot().screen.name).toBe('pay-check');
  });

  it('has three times the time after "more time", until the session ends', () => {
    const { session, clock } = atCheck();
    clock.advance(60_000);
    session.intent({ type: 'more-time' });
    clock.advance(179_000);
    expect(session.snapshot().idle).toBeUndefined();
    clock.advance(1000);
    expect(session.snapshot().idle).toMatchObject({ secondsLeft: 120, secondsTotal: 120 });
  });

  it('finds the warning in its own light: aids work on it, what is under it does not', () => {
    const { session, clock, payment } = atCheck();
    clock.advance(65_000);
    expect(session.intent({ type: 'consent', totalCents: 12_345 })).toBe('dropped');
    session.intent({ type: 'touched' });
    expect(session.snapshot().idle).toBeDefined();
    session.intent({ type: 'toggle-text-size' });
    expect(session.snapshot()).toMatchObject({ idle: { secondsLeft: 40 }, preferences: { textScale: 1.5 } });
    expect(payment().commands).toEqual([]);
  });

  it('never has under twenty seconds to answer', () => {
    const config = testConfig();
    const { session, clock } = sessionBench({
      ...config,
      idle: { ...config.idle, warnAfterSeconds: 5, countdownSeconds: 3 },
    });
    session.intent({ type: 'start-payment' });
    clock.advance(5000);
    expect(session.snapshot().idle?.secondsTotal).toBe(20);
  });
});

describe('aids and language', () => {
  it('go round, and are reset with the session', () => {
    const { session, clock } = sessionBench();
    const sizes = [1.5, 2, 1, 1.5];
    for (const size of sizes) {
      session.intent({ type: 'toggle-text-size' });
      clock.advance(600);
      expect(session.snapshot().preferences.textScale).toBe(size);
    }
    session.intent({ type: 'toggle-contrast' });
    session.intent({ type: 'toggle-lowered' });
    session.intent({ type: 'toggle-listen' });
    expect(session.snapshot().session).toEqual({ canGoBack: false, canLeave: true });
    session.intent({ type: 'start-over' });
    expect(session.snapshot()).toMatchObject({
      preferences: { textScale: 1, theme: 'standard', lowered: false, listen: false },
    });
    expect(session.inSession).toBe(false);
  });

  it('opens the language sheet over any page and closes it with a choice', () => {
    const { session } = atCheck();
    session.intent({ type: 'open-languages' });
    expect(session.intent({ type: 'consent', totalCents: 12_345 })).toBe('dropped');
    session.intent({ type: 'set-language', language: 'en' });
    expect(session.snapshot()).toMatchObject({ languageSheet: false, screen: { name: 'pay-check' } });
    session.intent({ type: 'open-languages' });
    session.intent({ type: 'back' });
    expect(session.snapshot()).toMatchObject({ languageSheet: false, screen: { name: 'pay-check' } });
  });
});

describe('a code shown under the language sheet', () => {
  it('closes the sheet, so that the page that comes is seen', () => {
    const bench = sessionBench();
    bench.session.intent({ type: 'open-languages' });
    bench.scan(QR);
    expect(bench.session.snapshot()).toMatchObject({ languageSheet: false });
    expect(bench.desk.payments).toHaveLength(1);
  });
});

describe('double presses', () => {
  it('are heard once within half a second, and again after it', () => {
    const { session, clock } = sessionBench();
    expect(session.intent({ type: 'toggle-contrast' })).toBe('taken');
    clock.advance(400);
    expect(session.intent({ type: 'toggle-contrast' })).toBe('bounced');
    clock.advance(100);
    expect(session.intent({ type: 'toggle-contrast' })).toBe('taken');
  });

  it('of a digit are two digits unless no finger could do it', () => {
    const { session, clock, screen } = sessionBench();
    session.intent({ type: 'type-notice' });
    for (const wait of [10, 120, 120]) {
      session.intent({ type: 'digit', digit: '0' });
      clock.advance(wait);
    }
    expect(screen()).toMatchObject({ noticeDigits: '00' });
  });

  it('is none where two presses made apart come in at once', () => {
    const { session, screen } = sessionBench();
    session.intent({ type: 'type-notice' }, 100);
    for (const pressedAt of [1000, 1020, 1120]) session.intent({ type: 'digit', digit: '0' }, pressedAt);
    expect(screen()).toMatchObject({ noticeDigits: '00' });
    // the screen began anew, and so did its clock: when they came in counts
    expect(session.intent({ type: 'digit', digit: '0' }, 5)).toBe('bounced');
  });
});

it('stops for everyone while payments cannot be journaled, and comes back', () => {
  const { session, screen } = sessionBench();
  session.limitations(['journal-unwritable']);
  expect(screen()).toEqual({ name: 'out-of-service', code: 'PO-001-JOURNAL' });
  session.limitations([]);
  expect(screen()).toEqual({ name: 'home' });
});

it('leaves no listener and no timer behind', () => {
  const { session, clock, payment, listening } = atCheck();
  session.close();
  clock.advance(1_000_000);
  payment().show({ name: 'pay-activating', notice: NOTICE });
  expect(session.snapshot().screen.name).toBe('pay-check');
  expect(listening()).toBe(false);
});
