import type { State } from '../payment.ts';
import { type Rule, type Rules, setGone } from '../rules.ts';

const stay = (state: State): Rules => ({
  leave: [{ why: 'the citizen goes', to: state, set: setGone }],
  restarted: [{ why: 'nothing is left to do here', to: state, set: () => ({ gone: 'restart' }) }],
});

const freshStart = (state: State): readonly Rule<'retry'>[] => [
  {
    why: 'tried again as a fresh payment',
    to: state,
    set: () => ({ gone: 'left' }),
    act: () => [{ do: 'succeed', keepConsent: false }],
  },
];

const koArrived: Rule<'outcome-stored' | 'outcome-refused'>[] = [
  {
    why: 'freed; the same consent on a fresh token',
    to: 'CANCELLED',
    when: ({ payment }) => payment.succeed && !payment.gone,
    set: () => ({ gone: 'left' }),
    act: () => [{ do: 'succeed', keepConsent: true }],
  },
  { why: 'the KO is on the server', to: 'CANCELLED' },
];

/** Ends, and the way to the end without a charge. */
export const atRest = {
  CANCELLING: {
    'outcome-stored': koArrived as readonly Rule<'outcome-stored'>[],
    // The server never knew of a lock, or it is already gone: nothing is held.
    'outcome-refused': koArrived as readonly Rule<'outcome-refused'>[],
    'wait-over': [
      {
        why: 'the KO does not arrive: no fresh token now',
        to: 'CANCELLING',
        when: ({ payment }) => payment.succeed,
        set: () => ({ succeed: false, problem: { kind: 'network-down' } }),
      },
    ],
    retry: freshStart('CANCELLING'),
    leave: [{ why: 'the citizen goes, the KO does not need them', to: 'CANCELLING', set: setGone }],
    restarted: [
      {
        why: 'the KO is in the outbox',
        to: 'CANCELLING',
        set: () => ({ gone: 'restart' }),
        act: () => [{ do: 'deliver' }],
      },
    ],
  },
  CANCELLED: { ...stay('CANCELLED'), retry: freshStart('CANCELLED') },
  REFUSED: { ...stay('REFUSED'), retry: freshStart('REFUSED') },
  ABANDONED: stay('ABANDONED'),
  REFUNDED: stay('REFUNDED'),
  MANUAL: stay('MANUAL'),
} as const satisfies Partial<Record<State, Rules>>;
