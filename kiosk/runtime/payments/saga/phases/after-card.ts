import type { CardEvidence, PaymentStatus } from '@jolly/contracts/fleet-api';
import type { Effect } from '../effect.ts';
import type { EventOf } from '../event.ts';
import type { Payment, State } from '../payment.ts';
import {
  brief,
  gone,
  nodeOf,
  type Rule,
  type Rules,
  type Scene,
  setGone,
  totalOf,
  verdictOf,
} from '../rules.ts';

type StatusEvent = 'outcome-stored' | 'node-said';

const operatorNeeded = (payment: Payment, reason: string) => [
  { fact: { fact: 'operator-needed' as const, reason: brief(reason), amountCents: totalOf(payment) } },
];

const provisional = (payment: Payment): readonly Effect[] =>
  payment.paper.slip !== 'none' && payment.paper.slip !== 'uncertain'
    ? []
    : [
        ...(payment.phoneReceipt
          ? []
          : [{ do: 'print' as const, slip: 'provisional' as const, duplicate: false }]),
        { do: 'link' },
      ];

const receipt = (payment: Payment): readonly Effect[] => {
  // After a power cut nobody is there; who walked off early still finds the receipt, unless they took a slip along.
  if (payment.gone === 'restart' || (payment.gone && payment.paper.slip === 'provisional')) return [];
  const print = { do: 'print', slip: 'receipt', duplicate: payment.paper.receipts > 0 } as const;
  return [...(payment.phoneReceipt ? [] : [print]), { do: 'link' }];
};

const is = (verdict: ReturnType<typeof verdictOf>) => (scene: { event: { status: PaymentStatus } }) =>
  verdictOf(scene.event.status) === verdict;

/** The server's word about the node, in the answer to the outcome or to a later question: the same arrows. */
function wordOfTheNode<T extends StatusEvent>(waitIn: State): readonly Rule<T>[] {
  const statusOf = (scene: Scene<T>): PaymentStatus => (scene.event as EventOf<StatusEvent>).status;
  const node = (scene: Scene<T>) => ({ node: nodeOf(statusOf(scene)) });
  const says = (verdict: ReturnType<typeof verdictOf>) => (scene: Scene<T>) =>
    is(verdict)({ event: { status: statusOf(scene) } });
  return [
    {
      why: 'acknowledged by the node',
      to: 'CONFIRMED',
      when: says('confirmed'),
      set: node,
      act: ({ payment }) => receipt(payment),
    },
    {
      // The node acquires it although the token had expired: never reversed (pagopa.md 7, first trap).
      why: 'late token: acquired if still payable, do not reverse',
      to: 'CONFIRMING',
      when: says('late'),
      set: (scene) => ({ ...node(scene), late: true, problem: { kind: 'outcome-pending' } }),
      act: ({ payment }) => (payment.gone ? [] : provisional(payment)),
    },
    {
      // Another payment won, or a KO had: the money goes back (second trap).
      why: 'the node will not have it, and nobody is there',
      to: 'MANUAL',
      when: (scene) => says('give-back')(scene) && gone(scene),
      set: (scene) => ({ ...node(scene), operator: true }),
      tell: () => [{ fact: { fact: 'reversal-failed', reason: 'citizen-gone' } }],
      act: () => [{ do: 'deliver' }],
    },
    {
      why: 'the node will not have it: give the money back',
      to: 'REFUND_DUE',
      when: says('give-back'),
      set: node,
      act: () => [{ do: 'reverse' }],
    },
    {
      why: 'refused for a reason that sending again does not mend',
      to: 'MANUAL',
      when: says('operator'),
      set: (scene) => ({ ...node(scene), operator: true, problem: { kind: 'outcome-refused-refund-due' } }),
      tell: (scene) => operatorNeeded(scene.payment, `outcome-rejected:${statusOf(scene).faultCode ?? ''}`),
      act: ({ payment }) => [{ do: 'deliver' }, ...(payment.gone ? [] : provisional(payment))],
    },
    {
      why: 'stored by the server, the node has not spoken',
      to: waitIn,
      set: node,
      act: ({ payment, limits }) =>
        payment.gone ? [] : [{ do: 'ask-node', afterMs: limits.askNodeEveryMs * (payment.late ? 4 : 1) }],
    },
  ];
}

/** The page says "being registered" and the citizen gets a slip that is not a receipt. */
const waitOver: readonly Rule<'wait-over'>[] = [
  {
    why: 'no acknowledgement yet: provisional slip',
    to: 'CHARGED',
    when: ({ payment }) => payment.state === 'CHARGED' && !payment.late,
    set: () => ({ late: true, problem: { kind: 'outcome-pending' } }),
    act: ({ payment }) => (payment.gone ? [] : provisional(payment)),
  },
  {
    why: 'no acknowledgement yet: provisional slip',
    to: 'CONFIRMING',
    when: ({ payment }) => payment.state === 'CONFIRMING' && !payment.late,
    set: () => ({ late: true, problem: { kind: 'outcome-pending' } }),
    act: ({ payment }) => (payment.gone ? [] : provisional(payment)),
  },
];

/** Who goes before the node has spoken still takes a slip along. */
const leaveCharged = (state: State): readonly Rule<'leave'>[] => [
  {
    why: 'the citizen goes: the rest happens without them',
    to: state,
    set: setGone,
    act: ({ payment }) => provisional(payment),
  },
];

const reversedWith = ({ event }: Scene<'reverse-ended'>): CardEvidence | undefined =>
  event.result.outcome === 'approved' ? event.result.card : undefined;

const refunded = (card: CardEvidence, payment: Payment) => ({
  reversal: card,
  problem: {
    kind: payment.node?.state === 'duplicate' ? 'duplicate-returned' : 'outcome-refused-returned',
  } as const,
});

const refundDue = (payment: Payment) =>
  ({
    kind: payment.node?.state === 'duplicate' ? 'duplicate-refund-due' : 'outcome-refused-refund-due',
  }) as const;

const reversalFailed = <T extends 'reverse-ended' | 'reversal-asked' | 'restarted'>(
  why: string,
  reason: (scene: Scene<T>) => string,
  now: { readonly gone?: 'restart' } = {},
): Rule<T> => ({
  why,
  to: 'MANUAL',
  set: (scene) => ({
    operator: true,
    problem: refundDue(scene.payment),
    ...now,
  }),
  tell: (scene) => [{ fact: { fact: 'reversal-failed', reason: brief(reason(scene)) } }],
  act: ({ payment }) => [{ do: 'deliver' }, ...(payment.gone ? [] : provisional(payment))],
});

const afterReversal: readonly Rule<'reverse-ended'>[] = [
  {
    why: 'given back on the card',
    to: 'REFUNDED',
    when: (scene) => reversedWith(scene) !== undefined,
    set: (scene) => {
      const card = reversedWith(scene);
      return card ? refunded(card, scene.payment) : {};
    },
    tell: (scene) => {
      const card = reversedWith(scene);
      return card ? [{ fact: { fact: 'charge-reversed', card } }] : [];
    },
    act: ({ payment }) => [
      { do: 'deliver' },
      ...(payment.gone || payment.phoneReceipt
        ? []
        : [{ do: 'print' as const, slip: 'reversal' as const, duplicate: false }]),
    ],
  },
  {
    why: 'the answer to the reversal was lost: ask',
    to: 'REVERSING',
    when: ({ event }) => event.result.outcome === 'uncertain',
    act: () => [{ do: 'ask-reversal' }],
  },
  reversalFailed<'reverse-ended'>('not given back: the office refunds', ({ event }) =>
    'reason' in event.result ? event.result.reason : event.result.outcome,
  ),
];

/** From the approval to the node's word, and back again when the node will not have it. */
export const afterCard = {
  CHARGED: {
    'outcome-stored': wordOfTheNode<'outcome-stored'>('CONFIRMING'),
    'node-said': wordOfTheNode<'node-said'>('CHARGED'),
    'outcome-refused': [
      {
        why: 'the server will not take the outcome: a person looks',
        to: 'MANUAL',
        set: () => ({ operator: true, problem: { kind: 'outcome-refused-refund-due' } }),
        tell: ({ payment, event }) => operatorNeeded(payment, `outcome-refused:${event.code}`),
        act: ({ payment }) => [{ do: 'deliver' }, ...(payment.gone ? [] : provisional(payment))],
      },
    ],
    'wait-over': waitOver,
    leave: leaveCharged('CHARGED'),
    restarted: [
      {
        why: 'the outcome is in the outbox',
        to: 'CHARGED',
        set: () => ({ gone: 'restart' }),
        act: () => [{ do: 'deliver' }],
      },
    ],
  },
  CONFIRMING: {
    'outcome-stored': wordOfTheNode<'outcome-stored'>('CONFIRMING'),
    'node-said': wordOfTheNode<'node-said'>('CONFIRMING'),
    'wait-over': waitOver,
    leave: leaveCharged('CONFIRMING'),
    restarted: [{ why: 'the server has the outcome', to: 'CONFIRMING', set: () => ({ gone: 'restart' }) }],
  },
  CONFIRMED: {
    reprint: [
      {
        why: 'once more, marked as a duplicate if one may be out',
        to: 'CONFIRMED',
        when: ({ payment }) => payment.paper.state !== 'printing' && payment.paper.receipts < 4,
        act: ({ payment }) => [{ do: 'print', slip: 'receipt', duplicate: payment.paper.receipts > 0 }],
      },
    ],
    leave: [{ why: 'the citizen goes', to: 'CONFIRMED', set: setGone }],
    restarted: [{ why: 'power was cut near the receipt', to: 'CONFIRMED', set: () => ({ gone: 'restart' }) }],
  },
  REFUND_DUE: {
    'reverse-started': [{ why: 'the next byte may give money back', to: 'REVERSING' }],
    'reverse-ended': afterReversal,
    leave: [{ why: 'noted; the reversal still needs the card', to: 'REFUND_DUE', set: setGone }],
    restarted: [
      reversalFailed<'restarted'>('nothing was sent and the citizen has gone', () => 'citizen-gone', {
        gone: 'restart',
      }),
    ],
  },
  REVERSING: {
    'reverse-ended': afterReversal,
    'reversal-asked': [
      {
        why: 'the terminal remembers the reversal',
        to: 'REFUNDED',
        when: ({ payment, event }) =>
          event.found.found === 'approved' &&
          event.found.kind === 'reversal' &&
          event.found.card.stan !== payment.card?.stan,
        set: ({ payment, event }) =>
          event.found.found === 'approved' ? refunded(event.found.card, payment) : {},
        tell: ({ event }) =>
          event.found.found === 'approved'
            ? [{ fact: { fact: 'charge-reversed', card: event.found.card } }]
            : [],
        act: ({ payment }) => [
          { do: 'deliver' },
          ...(payment.gone || payment.phoneReceipt
            ? []
            : [{ do: 'print' as const, slip: 'reversal' as const, duplicate: false }]),
        ],
      },
      reversalFailed<'reversal-asked'>('nobody can tell whether it went back', ({ event }) =>
        event.found.found === 'unreachable' ? `unknown:${event.found.reason}` : 'not-found-at-pos',
      ),
    ],
    leave: [{ why: 'the answer comes without them', to: 'REVERSING', set: setGone }],
    restarted: [
      {
        why: 'power was cut while money could go back',
        to: 'REVERSING',
        set: () => ({ gone: 'restart' }),
        act: () => [{ do: 'ask-reversal' }],
      },
    ],
  },
} as const satisfies Partial<Record<State, Rules>>;
