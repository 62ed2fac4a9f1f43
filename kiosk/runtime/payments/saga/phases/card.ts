import type { CardEvidence } from '@jolly/contracts/fleet-api';
import type { EventType } from '../event.ts';
import type { State } from '../payment.ts';
import {
  brief,
  type Changes,
  cancel,
  gone,
  notMade,
  problemOfCharge,
  type Rule,
  type Rules,
  restartLocked,
  type Scene,
  setGone,
  tokenLeft,
  totalOf,
} from '../rules.ts';

const startAsking = ({
  payment,
  now,
  limits,
}: Pick<Scene<EventType>, 'payment' | 'now' | 'limits'>): Changes => {
  const beforeExpiry = (payment.lock?.expiresAt ?? 0) - limits.giveUpBeforeExpiryMs;
  const patience = now + limits.restartPatienceMs;
  const charge = payment.charge ?? { startedAt: now, attempts: 1 };
  return {
    charge: { ...charge, askUntil: Math.max(beforeExpiry, patience) },
    problem: { kind: 'pos-unknown-outcome' },
  };
};

/** The one way into CHARGED: evidence and outcome reach the disk in the same commit. */
const charged = <T extends 'charge-ended' | 'recovered'>(
  why: string,
  card: (scene: Scene<T>) => CardEvidence | undefined,
): readonly Rule<T>[] => [
  {
    why: 'the terminal charged another amount',
    to: 'MANUAL',
    when: (scene) => {
      const evidence = card(scene);
      return evidence !== undefined && evidence.amountCents !== scene.payment.lock?.totalCents;
    },
    set: (scene) => {
      const evidence = card(scene);
      return {
        ...(evidence ? { card: evidence } : {}),
        problem: { kind: 'outcome-refused-refund-due' },
        operator: true,
      };
    },
    tell: (scene) => [
      {
        fact: {
          fact: 'operator-needed',
          reason: 'amount-differs',
          amountCents: card(scene)?.amountCents ?? totalOf(scene.payment),
        },
      },
    ],
    act: () => [{ do: 'deliver' }],
  },
  {
    why,
    to: 'CHARGED',
    when: (scene) => card(scene) !== undefined,
    set: (scene) => ({ card: card(scene), problem: undefined }),
    tell: (scene) => {
      const evidence = card(scene);
      return evidence ? [{ outcome: { outcome: 'OK', card: evidence } }] : [];
    },
    act: ({ now, limits }) => [
      { do: 'deliver' },
      { do: 'wake', at: now + limits.outcomeWaitMs, event: 'wait-over' },
    ],
  },
];

const approved = ({ event }: Scene<'charge-ended'>) =>
  event.result.outcome === 'approved' ? event.result.card : undefined;

const found = ({ event }: Scene<'recovered'>) =>
  event.verdict.verdict === 'charged' ? event.verdict.card : undefined;

/** Refused by bank or citizen: another card may be tried while the token lives. A broken terminal: not. */
const notCharged: readonly Rule<'charge-ended'>[] = [
  {
    ...cancel('not charged, and nobody is there', 'left'),
    when: (scene) => notMade(scene.event.result) && gone(scene),
  },
  {
    ...cancel('the terminal could not start', 'device'),
    when: ({ event }) => event.result.outcome === 'not-started',
    set: ({ event }: Scene<'charge-ended'>) => ({
      ko: 'device' as const,
      problem: problemOfCharge(event.result),
    }),
  },
  {
    ...cancel('not charged, too little time for another card', 'declined'),
    when: ({ payment, event, now, limits }) =>
      notMade(event.result) && tokenLeft(payment, now) < limits.minTokenMs,
    set: ({ event }: Scene<'charge-ended'>) => ({
      ko: 'declined' as const,
      problem: problemOfCharge(event.result),
    }),
  },
  {
    why: 'not charged: another card may be tried',
    to: 'NOT_CHARGED',
    when: ({ event }) => notMade(event.result),
    set: ({ event }) => ({ problem: problemOfCharge(event.result) }),
    act: ({ payment, limits }) => [
      { do: 'wake', at: (payment.lock?.expiresAt ?? 0) - limits.minTokenMs + 1, event: 'token-short' },
    ],
  },
];

const callOperator = (why: string, when?: Rule<'recovered'>['when']): Rule<'recovered'> => ({
  why,
  to: 'MANUAL',
  ...(when ? { when } : {}),
  set: () => ({ operator: true }),
  tell: ({ payment, event }) => [
    {
      fact: {
        fact: 'charge-unknown',
        reason: brief('reason' in event.verdict ? event.verdict.reason : event.verdict.verdict),
        amountCents: totalOf(payment),
      },
    },
  ],
  act: ({ payment }) => [
    { do: 'deliver' },
    ...(payment.gone || payment.paper.slip === 'uncertain'
      ? []
      : [{ do: 'print' as const, slip: 'uncertain' as const, duplicate: false }]),
  ],
});

/** The card: from the announcement of a charge to knowing whether it was made. */
export const card = {
  ANNOUNCED: {
    'card-started': [{ why: 'the next byte may move money', to: 'CHARGING' }],
    'charge-ended': [
      ...charged('approved', approved),
      ...notCharged,
      {
        why: 'the terminal contradicts itself: ask it',
        to: 'CHARGE_UNKNOWN',
        set: startAsking,
        act: () => [{ do: 'ask-pos', afterMs: 0 }],
      },
    ],
    'cancel-card': [
      { why: 'the driver stops what it can', to: 'ANNOUNCED', act: () => [{ do: 'abort-card' }] },
    ],
    refuse: [{ why: 'the driver stops what it can', to: 'ANNOUNCED', act: () => [{ do: 'abort-card' }] }],
    leave: [
      {
        why: 'the driver stops what it can',
        to: 'ANNOUNCED',
        set: setGone,
        act: () => [{ do: 'abort-card' }],
      },
    ],
    restarted: restartLocked,
  },
  CHARGING: {
    'charge-ended': [
      ...charged('approved', approved),
      ...notCharged,
      {
        why: 'the answer was lost',
        to: 'CHARGE_UNKNOWN',
        set: startAsking,
        act: () => [{ do: 'ask-pos', afterMs: 0 }],
      },
    ],
    'cancel-card': [
      { why: 'the driver stops what it can', to: 'CHARGING', act: () => [{ do: 'abort-card' }] },
    ],
    leave: [
      {
        why: 'too late to go: the result is needed',
        to: 'CHARGING',
        set: setGone,
        act: () => [{ do: 'abort-card' }],
      },
    ],
    restarted: [
      {
        why: 'power was cut while money could move',
        to: 'CHARGE_UNKNOWN',
        set: (scene) => ({ ...startAsking(scene), gone: 'restart' }),
        act: () => [{ do: 'ask-pos', afterMs: 0 }],
      },
    ],
  },
  NOT_CHARGED: {
    'retry-card': [
      {
        why: 'another card',
        to: 'CONSENTED',
        when: ({ payment, now, limits }) => tokenLeft(payment, now) >= limits.minTokenMs,
        set: () => ({ problem: undefined }),
        act: () => [{ do: 'check' }],
      },
      cancel('too little time for another card', 'declined', { problem: { kind: 'token-too-short' } }),
    ],
    refuse: [cancel('the citizen gives up', 'declined', { gone: 'left' })],
    leave: [
      {
        ...cancel('the citizen gives up', 'declined', { gone: 'left' }),
        when: ({ event }) => event.reason === 'left',
      },
      cancel('nobody is there', 'idle', { gone: 'idle' }),
    ],
    'token-short': [
      {
        ...cancel('too little time for another card', 'declined'),
        when: ({ payment, now, limits }) => tokenLeft(payment, now) < limits.minTokenMs,
      },
    ],
    restarted: restartLocked,
  },
  CHARGE_UNKNOWN: {
    recovered: [
      ...charged<'recovered'>('the terminal remembers the charge', found),
      {
        ...cancel('the terminal has no such charge, and nobody is there', 'recovered'),
        when: (scene) => scene.event.verdict.verdict === 'not-charged' && gone(scene),
        tell: () => [
          { outcome: { outcome: 'KO', reason: 'recovered' } },
          { fact: { fact: 'charge-not-made' } },
        ],
      },
      {
        ...cancel('the terminal has no such charge, too little time for another card', 'declined', {
          problem: { kind: 'pos-unavailable' },
        }),
        when: ({ payment, event, now, limits }) =>
          event.verdict.verdict === 'not-charged' && tokenLeft(payment, now) < limits.minTokenMs,
        tell: () => [
          { outcome: { outcome: 'KO', reason: 'declined' } },
          { fact: { fact: 'charge-not-made' } },
        ],
      },
      {
        why: 'the terminal has no such charge: another card may be tried',
        to: 'NOT_CHARGED',
        when: ({ event }) => event.verdict.verdict === 'not-charged',
        // no bank was asked: the reader was gone before it saw a card
        set: () => ({ problem: { kind: 'card-timeout' } }),
        tell: () => [{ fact: { fact: 'charge-not-made' } }],
        act: ({ payment, limits }) => [
          { do: 'deliver' },
          { do: 'wake', at: (payment.lock?.expiresAt ?? 0) - limits.minTokenMs + 1, event: 'token-short' },
        ],
      },
      callOperator(
        'nobody can tell: a person compares',
        ({ event }) => event.verdict.verdict === 'undecidable',
      ),
      callOperator(
        'the terminal stays silent and the token is about to expire',
        ({ payment, now }) => now >= (payment.charge?.askUntil ?? 0),
      ),
      {
        why: 'the terminal does not answer: asked again',
        to: 'CHARGE_UNKNOWN',
        act: ({ payment, limits }) => [
          { do: 'ask-pos', afterMs: limits.askPosEveryMs },
          ...(payment.gone || payment.paper.slip !== 'none'
            ? []
            : [{ do: 'print' as const, slip: 'uncertain' as const, duplicate: false }]),
        ],
      },
    ],
    leave: [{ why: 'the question goes on without them', to: 'CHARGE_UNKNOWN', set: setGone }],
    restarted: [
      {
        why: 'power was cut while the terminal was being asked',
        to: 'CHARGE_UNKNOWN',
        set: (scene) => ({ ...startAsking(scene), gone: 'restart' }),
        act: () => [{ do: 'ask-pos', afterMs: 0 }],
      },
    ],
  },
} as const satisfies Partial<Record<State, Rules>>;
