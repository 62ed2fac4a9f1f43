import { noticeQr } from '@jolly/contracts/notice';
import { Snapshot } from '@jolly/contracts/terminal-channel';
import { describe, expect, it } from 'vitest';
import { NOTICE, sessionBench } from '../stand-ins/index.ts';

function bench() {
  const made = sessionBench();
  return {
    ...made,
    now: () => Snapshot.parse(made.session.snapshot()),
    toCheck: () => {
      made.scan(noticeQr(NOTICE, 12_345));
      made.payment().show({ name: 'pay-check', notice: NOTICE });
    },
  };
}

describe('a headset that is plugged in', () => {
  it('begins listening whatever the page, and is no session by itself', () => {
    const { session, now } = bench();
    session.headset(true);
    expect(now()).toMatchObject({ headset: true, preferences: { listen: true }, covered: false });
    expect(session.inSession).toBe(false);
    session.headset(false);
    expect(now()).toMatchObject({ headset: false, preferences: { listen: false }, covered: false });
  });

  it('counts as somebody who is there', () => {
    const { session, now, clock, toCheck } = bench();
    toCheck();
    clock.advance(59_000);
    session.headset(true);
    clock.advance(30_000);
    expect(now().idle).toBeUndefined();
  });

  it('is heard under a warning and under the languages too', () => {
    const { session, now, clock, toCheck } = bench();
    toCheck();
    session.intent({ type: 'open-languages' });
    session.headset(true);
    expect(now().preferences.listen).toBe(true);
    session.headset(false);
    session.intent({ type: 'uncover' });
    clock.advance(61_000);
    expect(now().idle).toBeDefined();
    session.headset(true);
    expect(now().preferences.listen).toBe(true);
    expect(now().idle).toMatchObject({ secondsLeft: 40 });
  });

  it('keeps listening on for as long as it is in, over the end of a session', () => {
    const { session, now, clock, toCheck } = bench();
    session.headset(true);
    toCheck();
    session.intent({ type: 'leave' });
    clock.advance(20_000);
    expect(now()).toMatchObject({ screen: { name: 'home' }, preferences: { listen: true } });
    expect(session.inSession).toBe(false);
  });
});

describe('a headset that is pulled out', () => {
  it('covers a sum until the citizen says to go on', () => {
    const { session, now, toCheck, screen, clock } = bench();
    session.headset(true);
    toCheck();
    session.headset(false);
    expect(now()).toMatchObject({ covered: true, headset: false, preferences: { listen: false } });
    expect(session.intent({ type: 'consent', totalCents: 12_345 })).toBe('dropped');
    expect(session.intent({ type: 'back' })).toBe('dropped');
    expect(session.intent({ type: 'uncover' })).toBe('taken');
    expect(now().covered).toBe(false);
    expect(screen()).toMatchObject({ name: 'pay-check' });
    clock.advance(600);
    expect(session.intent({ type: 'uncover' })).toBe('dropped');
  });

  it('is answered by plugging it in again, and by leaving', () => {
    const { session, now, toCheck } = bench();
    session.headset(true);
    toCheck();
    session.headset(false);
    session.headset(true);
    expect(now()).toMatchObject({ covered: false, preferences: { listen: true } });
    session.headset(false);
    expect(session.intent({ type: 'leave' })).toBe('taken');
    expect(now().screen.name).toBe('goodbye');
  });

  it('leaves nothing covered for the next one', () => {
    const { session, now, clock, toCheck } = bench();
    session.headset(true);
    toCheck();
    session.headset(false);
    clock.advance(101_000);
    expect(now()).toMatchObject({ screen: { name: 'home' }, covered: false });
  });

  it('covers nothing where nothing is private', () => {
    const { session, now } = bench();
    session.headset(true);
    session.intent({ type: 'start-payment' });
    session.headset(false);
    expect(now().covered).toBe(false);
  });

  it('leaves listening on that was switched on by hand', () => {
    const { session, now } = bench();
    session.intent({ type: 'toggle-listen' });
    session.headset(true);
    session.headset(false);
    expect(now().preferences.listen).toBe(true);
  });

  it('closes the reader of codes while the page is covered', () => {
    const { session, listening, toCheck } = bench();
    session.headset(true);
    toCheck();
    session.headset(false);
    expect(listening()).toBe(false);
  });
});

describe('what comes after a headset was pulled out', () => {
  it('is covered too: the sum that help hid', () => {
    const { session, now, toCheck, screen } = bench();
    session.headset(true);
    toCheck();
    session.intent({ type: 'help' });
    expect(screen().name).toBe('help');
    session.headset(false);
    session.intent({ type: 'back' });
    expect(now().covered).toBe(true);
    session.intent({ type: 'uncover' });
    session.intent({ type: 'back' });
    expect(now()).toMatchObject({ screen: { name: 'pay-check' }, covered: false });
  });

  it('is covered too: the sum that was still being asked for', () => {
    const { session, now, scan, payment } = bench();
    session.headset(true);
    scan(noticeQr(NOTICE, 12_345));
    expect(now().screen.name).toBe('pay-verifying');
    session.headset(false);
    payment().show({ name: 'pay-check', notice: NOTICE });
    expect(now()).toMatchObject({ screen: { name: 'pay-check' }, covered: true });
    session.intent({ type: 'uncover' });
    expect(now().covered).toBe(false);
  });

  it('is covered too: the payment that begins only then', () => {
    const { session, now, toCheck, clock } = bench();
    session.headset(true);
    session.intent({ type: 'start-payment' });
    session.headset(false);
    expect(now().covered).toBe(false);
    toCheck();
    expect(now()).toMatchObject({ screen: { name: 'pay-check' }, covered: true });
    session.intent({ type: 'uncover' });
    clock.advance(600);
    session.intent({ type: 'help' });
    session.intent({ type: 'back' });
    expect(now()).toMatchObject({ screen: { name: 'pay-check' }, covered: false });
  });

  it('is not covered for who comes after a return home, nor for who never had a session', () => {
    const { session, now, toCheck } = bench();
    session.headset(true);
    session.headset(false);
    toCheck();
    expect(now().covered).toBe(false);
    const other = bench();
    other.session.headset(true);
    other.session.intent({ type: 'start-payment' });
    other.session.headset(false);
    other.session.intent({ type: 'back' });
    expect(other.now().screen.name).toBe('home');
    expect(other.session.inSession).toBe(false);
    other.toCheck();
    expect(other.now()).toMatchObject({ screen: { name: 'pay-check' }, covered: false });
  });

  it('is not said of the goodbye, which shows nothing', () => {
    const { session, now, toCheck } = bench();
    session.headset(true);
    toCheck();
    session.headset(false);
    session.intent({ type: 'leave' });
    expect(now()).toMatchObject({ screen: { name: 'goodbye' }, covered: false });
  });
});

describe('volume and speed', () => {
  it('go in steps, stay at their ends, and are back to normal for the next one', () => {
    const { session, now, clock } = bench();
    const volume = (step: 'up' | 'down') => {
      session.intent({ type: 'volume', step });
      clock.advance(100);
    };
    for (let time = 0; time < 9; time++) volume('up');
    expect(now().preferences.volume).toBe(10);
    for (let time = 0; time < 12; time++) volume('down');
    expect(now().preferences.volume).toBe(0);
    session.intent({ type: 'set-speed', speed: 1.5 });
    expect(now().preferences.speed).toBe(1.5);
    session.intent({ type: 'leave' });
    clock.advance(20_000);
    expect(now().preferences).toMatchObject({ volume: 4, speed: 1 });
  });
});
