import type { Reported } from '@jolly/contracts/fleet-link';
import { type Json, mergePatchBetween } from '@jolly/contracts/twin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportedOf } from '../testing/index.ts';
import { type TwinState, UNKNOWN_TWIN, withPresence, withReported, withWord } from './twin.ts';

const anyReported = fc
  .record({
    inSession: fc.boolean(),
    openPayments: fc.nat(5),
    mode: fc.constantFrom('in-service' as const, 'closed' as const),
    message: fc.option(fc.constantFrom('Torniamo alle 15', 'Guasto'), { nil: undefined }),
    limitations: fc.array(fc.constantFrom('payments-offline', 'printer-unavailable'), { maxLength: 2 }),
    clockSkewMs: fc.option(fc.integer({ min: -5_000, max: 5_000 }), { nil: undefined }),
  })
  .map(({ message, clockSkewMs, ...rest }) =>
    reportedOf({
      ...rest,
      ...(message === undefined ? {} : { message }),
      ...(clockSkewMs === undefined ? {} : { clockSkewMs }),
    }),
  );

const messageOf = (from: Reported, to: Reported, seq: number) => ({
  form: 'patch' as const,
  seq,
  patch: (mergePatchBetween(from as unknown as Json, to as unknown as Json) ?? {}) as Record<string, unknown>,
});

describe('what a terminal reports', () => {
  it('is known as it is, or asked for: whichever messages are lost, repeated or late', () =>
    fc.assert(
      fc.property(
        fc.array(anyReported, { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(7), { maxLength: 20 }),
        (said, heard) => {
          const [first = reportedOf()] = said;
          const messages = said.map((now, at) =>
            at === 0
              ? { form: 'whole' as const, seq: 0, reported: first }
              : messageOf(said[at - 1] ?? first, now, at),
          );
          let state: TwinState = UNKNOWN_TWIN;
          for (const at of heard) {
            const message = messages[at % messages.length];
            if (!message) continue;
            const step = withReported(state, message);
            if (step.step === 'taken') state = step.state;
            // what is held is always exactly what was said at that number
            if (state.reported) expect(state.reported).toEqual(said[state.seq]);
          }
        },
      ),
    ));

  it('is asked for when a patch leads to nothing that could be', () => {
    const whole = withReported(UNKNOWN_TWIN, { form: 'whole', seq: 3, reported: reportedOf() });
    const state = whole.step === 'taken' ? whole.state : UNKNOWN_TWIN;
    for (const patch of [{ software: null }, { devices: 3 }, { host: null }, { unknown: 1 }]) {
      expect(withReported(state, { form: 'patch', seq: 4, patch })).toEqual({ step: 'ask' });
    }
    const patch = JSON.parse('{"__proto__": {"polluted": true}, "inSession": true}');
    expect(withReported(state, { form: 'patch', seq: 4, patch }).step).toBe('taken');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('whether a terminal is there', () => {
  const [one, other] = ['0199a000-0000-7000-8000-000000000001', '0199a000-0000-7000-8000-000000000002'];
  const on = (boot: string) => ({ online: true, boot, why: 'connected' as const });
  const off = (boot: string) => ({ online: false, boot, why: 'lost' as const });

  it('is what the connection that is there now says', () => {
    const there = withPresence(UNKNOWN_TWIN, on(other)) ?? UNKNOWN_TWIN;
    expect(there).toMatchObject({ online: true, boot: other });
    expect(withPresence(there, on(other))).toBeUndefined();
    expect(withPresence(there, off(one))).toBeUndefined();
    expect(withPresence(there, off(other))).toMatchObject({ online: false, why: 'lost' });
  });

  it('is corrected by a word of who was only thought to be gone', () => {
    const silent: TwinState = { ...UNKNOWN_TWIN, boot: one, why: 'silent' };
    expect(withWord(silent)).toMatchObject({ online: true });
    expect(withWord({ ...silent, why: 'lost' })).toBeUndefined();
  });
});
