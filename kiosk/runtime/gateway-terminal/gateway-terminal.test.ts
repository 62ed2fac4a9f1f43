import type { AuthorisationResponse } from '@jolly/contracts/fleet-api';
import { cents, errorsOf, ManualClock } from '@jolly/contracts/values';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { GatewayTerminal, registerGatewayTerminal } from './index.ts';

const fail = errorsOf({
  SERVER_UNREACHABLE: { cause: 'no answer', retry: 'later' },
  SERVER_REFUSED: { cause: 'refused', retry: 'no' },
});
const card = {
  posTerminalId: 'T1',
  stan: '000001',
  cardType: 'credit',
  chargedAt: 0,
  amountCents: cents(1_250),
} as const;

type Word = AuthorisationResponse | 'silent' | 'refused';

/** A terminal before a server that says these words, the last again and again. */
function terminal(asked: Word, ...then: readonly Word[]) {
  const clock = new ManualClock();
  const calls: string[] = [];
  const hear = new Set<() => void>();
  const server = { reachable: true };
  const say = (word: Word | undefined): Promise<AuthorisationResponse> => {
    if (word === 'refused') return Promise.reject(fail('SERVER_REFUSED', { code: 'PAYMENT_CLOSED' }));
    if (word === 'silent' || !word) return Promise.reject(fail('SERVER_UNREACHABLE'));
    return Promise.resolve(word);
  };
  let turn = 0;
  const pos = new GatewayTerminal(
    'pagopa-gateway:T1',
    { posTerminalId: 'T1', waitMs: 10_000, settleMs: 3_000, pollMs: 1_000 },
    { clock, log: () => undefined },
    {
      fleet: {
        authorise: (id, { posTerminalId, amountCents, attempt }) => {
          calls.push(`ask ${id} ${posTerminalId} ${amountCents} ${attempt}`);
          return say(asked);
        },
        authorisation: (id, attempt) => {
          calls.push(`how ${id} ${attempt}`);
          return say(then[Math.min(turn++, then.length - 1)]);
        },
        get reachable() {
          return server.reachable;
        },
      },
      onReachable: (listener) => {
        hear.add(listener);
        return () => hear.delete(listener);
      },
    },
  );
  const reference = {
    kioskPaymentId: 'p',
    amountCents: cents(1_250),
    lastStan: undefined,
    startedAt: clock.now(),
  };
  return {
    clock,
    calls,
    pos,
    reference,
    reach: (reachable: boolean) => {
      server.reachable = reachable;
      for (const each of hear) each();
    },
    async pay(signal?: AbortSignal) {
      let announced = 0;
      const paying = pos.charge(
        reference,
        {},
        { beforeMoney: () => void announced++, ...(signal && { signal }) },
      );
      let over = false;
      void paying.finally(() => {
        over = true;
      });
      for (let second = 0; !over && second < 60; second++) {
        for (let turns = 0; turns < 10; turns++) await Promise.resolve();
        clock.advance(500);
      }
      return { result: await paying, announced };
    },
  };
}

const waiting = { state: 'waiting' } as const;

describe('a card that the gateway takes', () => {
  it.each<[string, Word, readonly Word[], object]>([
    ['approved', waiting, [waiting, { state: 'approved', card }], { outcome: 'approved', card }],
    ['approved at once', { state: 'approved', card }, [], { outcome: 'approved', card }],
    ['declined', waiting, [{ state: 'declined', reason: 'NO' }], { outcome: 'declined', reason: 'NO' }],
    [
      'cancelled',
      waiting,
      [{ state: 'cancelled', reason: 'USER' }],
      { outcome: 'cancelled', reason: 'USER' },
    ],
    [
      'not started',
      { state: 'not-started', reason: 'S0001' },
      [],
      { outcome: 'not-started', reason: 'S0001' },
    ],
    ['refused by the server', 'refused', [], { outcome: 'not-started', reason: 'PAYMENT_CLOSED' }],
    ['unknown', waiting, [{ state: 'unknown', reason: 'ERROR' }], { outcome: 'uncertain', reason: 'ERROR' }],
    [
      'approved, though the server was away meanwhile',
      'silent',
      ['silent', waiting, { state: 'approved', card }],
      { outcome: 'approved', card },
    ],
    ['never heard of again', waiting, ['silent'], { outcome: 'uncertain', reason: 'no-word' }],
    ['never ended', waiting, [waiting], { outcome: 'uncertain', reason: 'no-word' }],
    [
      'not known there',
      'silent',
      [{ state: 'none' }],
      { outcome: 'uncertain', reason: 'not-known-to-the-gateway' },
    ],
  ])('%s', async (_, asked, then, result) => {
    const world = terminal(asked, ...then);
    expect(await world.pay()).toEqual({ announced: 1, result });
    // However it went, the card was asked for once.
    expect(world.calls.filter((call) => call.startsWith('ask'))).toEqual([
      `ask p T1 1250 ${world.reference.startedAt}`,
    ]);
  });

  it('is not asked for when the server is away, or the citizen was quicker', async () => {
    const away = terminal(waiting);
    away.reach(false);
    expect(await away.pay()).toMatchObject({ announced: 0, result: { outcome: 'not-started' } });
    const gone = terminal(waiting);
    expect(await gone.pay(AbortSignal.abort())).toMatchObject({
      announced: 0,
      result: { outcome: 'cancelled' },
    });
    expect([...away.calls, ...gone.calls]).toEqual([]);
  });
});

describe('after a crash', () => {
  it.each<[Word, number, string]>([
    [{ state: 'approved', card }, 0, 'charged'],
    [waiting, 60_000, 'unreachable'],
    [{ state: 'none' }, 2_999, 'unreachable'],
    [{ state: 'none' }, 3_000, 'not-charged'],
    [{ state: 'declined', reason: 'NO' }, 0, 'not-charged'],
    [{ state: 'unknown', reason: 'ERROR' }, 0, 'undecidable'],
    ['silent', 60_000, 'unreachable'],
    ['refused', 0, 'undecidable'],
  ])('%j after %i ms means %s', async (word, ms, verdict) => {
    const { clock, pos, reference, calls } = terminal('refused', word);
    clock.advance(ms);
    expect((await pos.recover(reference)).verdict).toBe(verdict);
    expect(calls).toEqual([`how p ${reference.startedAt}`]);
  });
});

describe('a terminal that the gateway drives', () => {
  it('gives no money back and has no figures of its own', async () => {
    const { pos } = terminal(waiting);
    expect(pos.drivenBy).toBe('gateway');
    expect(await pos.reverse()).toEqual({ outcome: 'not-started', reason: 'refund-by-psp' });
    expect(await pos.lastTransaction()).toEqual({ found: 'none' });
    await expect(pos.totals()).rejects.toMatchObject({ code: 'POS_REFUSED' });
    await expect(pos.closeSession()).rejects.toMatchObject({ code: 'POS_REFUSED' });
  });

  it('is as ready as the way to the server', async () => {
    const { pos, reach } = terminal(waiting);
    const seen: string[] = [];
    pos.onHealth(({ state }) => seen.push(state));
    expect(pos.health().state).toBe('ready');
    reach(false);
    expect(await pos.status()).toEqual({ operative: false, detail: 'server-unreachable' });
    reach(true);
    expect(seen).toEqual(['unavailable', 'ready']);
  });

  it('is made from its address, which names every fault', () => {
    const registry = registerGatewayTerminal(new DeviceRegistry(), {
      fleet: { authorise: () => Promise.reject(), authorisation: () => Promise.reject(), reachable: true },
      onReachable: () => () => undefined,
    });
    const context = { clock: new ManualClock(), log: () => undefined };
    expect(registry.create('pos', 'pagopa-gateway:12345678?wait=120', context).terminalId).toBe('12345678');
    expect(() => registry.create('pos', 'pagopa-gateway:?wait=soon&settle=-1', context)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        detail: { faults: expect.stringMatching(/address.*wait.*settle/) },
      }),
    );
  });
});
