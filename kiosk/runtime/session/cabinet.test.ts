import { noticeQr } from '@jolly/contracts/notice';
import { describe, expect, it } from 'vitest';
import { loginBench, NOTICE, sessionBench } from '../stand-ins/index.ts';

const QR = noticeQr(NOTICE, NOTICE.amountCents);

function atCheck() {
  const bench = sessionBench();
  bench.scan(QR);
  bench.payment().show({ name: 'pay-check', notice: NOTICE });
  return bench;
}

describe('on battery', () => {
  it('nothing new begins, and the page says why', () => {
    const { session, screen, desk, scan } = sessionBench();
    session.limitations(['power-failing']);
    expect(session.snapshot().limitations).toEqual(['power-failing']);
    scan(QR);
    expect(screen()).toMatchObject({ name: 'problem', kind: 'power-failing', money: 'nothing-charged' });
    expect(desk.payments).toHaveLength(0);
    session.limitations([]);
    session.intent({ type: 'start-over' });
    scan(QR);
    expect(screen().name).toBe('pay-verifying');
  });

  it('nobody signs in', () => {
    const bench = loginBench();
    bench.session.limitations(['power-failing']);
    expect(bench.session.intent({ type: 'sign-in' })).toBe('dropped');
    bench.session.limitations([]);
    bench.clock.advance(600);
    expect(bench.session.intent({ type: 'sign-in' })).toBe('taken');
  });

  it('a payment that is open goes on to its end', () => {
    const { session, screen, payment } = atCheck();
    session.limitations(['power-failing']);
    expect(screen().name).toBe('pay-check');
    expect(session.intent({ type: 'consent', totalCents: NOTICE.totalCents })).toBe('taken');
    expect(payment().commands).toEqual([{ type: 'consent', totalCents: NOTICE.totalCents }]);
    payment().show({ name: 'pay-done', notice: NOTICE, paper: 'printed' });
    session.intent({ type: 'another-notice' });
    session.intent({ type: 'finish' });
    expect(payment().commands.some(({ type }) => type === 'leave')).toBe(true);
  });
});

describe('with the cabinet open', () => {
  it('a consent charges nothing', () => {
    const { session, screen, payment } = atCheck();
    session.limitations(['door-open']);
    session.intent({ type: 'consent', totalCents: NOTICE.totalCents });
    expect(screen()).toMatchObject({ name: 'problem', kind: 'door-open', money: 'nothing-charged' });
    expect(payment().commands).toEqual([{ type: 'leave', reason: 'left' }]);
  });

  it('no card is asked for again', () => {
    const { session, screen, payment } = atCheck();
    payment().show({
      name: 'problem',
      kind: 'card-declined',
      money: 'nothing-charged',
      supportCode: 'X',
      actions: ['retry-card', 'finish'],
    });
    session.limitations(['door-open']);
    session.intent({ type: 'choose', action: 'retry-card' });
    expect(screen()).toMatchObject({ name: 'problem', kind: 'door-open' });
    expect(payment().commands.map(({ type }) => type)).toEqual(['leave']);
  });

  it('a charge that runs is finished', () => {
    const { session, screen, payment } = atCheck();
    const working = {
      name: 'pay-card',
      notice: NOTICE,
      progress: { step: 'authorising', canCancel: false },
    } as const;
    payment().show(working, { interruptible: false });
    session.limitations(['door-open']);
    expect(screen().name).toBe('pay-card');
    payment().show({ name: 'pay-done', notice: NOTICE, paper: 'printing' });
    expect(screen().name).toBe('pay-done');
  });
});
