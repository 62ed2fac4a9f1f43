import { assign, setup } from 'xstate';
import type { PosResponse } from './codec/index.ts';

/** How long each silence may last (pos.md 1.1, 1.2). Milliseconds. */
export interface Patience {
  readonly ack: number;
  /** Before a retransmission. */
  readonly resend: number;
  readonly resends: number;
  /** For a money command without ACK: how long any sign of life may still come. */
  readonly grace: number;
  /** From ACK or the last progress message to the result. */
  readonly result: number;
  /** After the result, until the receipt is taken as complete. */
  readonly receiptSilence: number;
}

/** One procedure: a command, its acknowledgement, its answer and the receipt lines around it. */
export interface Procedure {
  readonly name: string;
  /** Sent once, whatever happens: a repeated payment is a second payment. */
  readonly money: boolean;
  /** Whether this is the answer; `acknowledged` tells whether the terminal had confirmed the command by then. */
  readonly answeredBy: (response: PosResponse, acknowledged: boolean) => boolean;
  /** The ACK alone is the answer (`E`). */
  readonly ackOnly: boolean;
  /** Receipt lines are to come, before or after the result. */
  readonly receipt: boolean;
  readonly patience: Patience;
}

/** What the chart asks of the driver; none of them may throw. */
export interface ProcedureEffects {
  readonly transmit: () => void;
  readonly retransmitting: () => void;
  readonly timedOut: () => void;
  readonly unexpected: (response: PosResponse) => void;
}

export type ProcedureEvent =
  | { readonly type: 'ACK' }
  | { readonly type: 'NAK' }
  | { readonly type: 'PROGRESS' }
  | { readonly type: 'ANSWER'; readonly response: PosResponse }
  | { readonly type: 'RECEIPT'; readonly last: boolean }
  /** The link broke; `unsent` when it is certain that no byte left. */
  | { readonly type: 'LOST'; readonly reason: string; readonly unsent: boolean };

/**
 * `nak`: the terminal refused the command and did nothing · `silent`: no confirmation · `no-result`: confirmed, then nothing ·
 * `lost`: the link broke · `unsent`: it broke before the first byte.
 */
export type ProcedureFailure = 'nak' | 'silent' | 'no-result' | 'lost' | 'unsent';

export type ProcedureOutput =
  | { readonly ok: true; readonly response: PosResponse | undefined }
  | { readonly ok: false; readonly failure: ProcedureFailure; readonly detail: string };

interface Context {
  readonly procedure: Procedure;
  readonly effects: ProcedureEffects;
  readonly resendsLeft: number;
  readonly acknowledged: boolean;
  readonly receiptEnded: boolean;
  readonly response: PosResponse | undefined;
  readonly failure: ProcedureFailure | undefined;
  readonly detail: string;
}

/**
 * The chart of one procedure (pos.md 1.2). Bytes, ACK and NAK of what arrives are the driver's; this decides what is waited
 * for, what is repeated and how it ended.
 *
 *     transmitting ─► awaitingAck ─► awaitingResult ─► settling ─► done
 *          ▲              │  └─► unacknowledged (money) ─► failed
 *          └── pausing ◄──┘ (harmless commands only)
 */
export const procedureChart = setup({
  types: {
    context: {} as Context,
    events: {} as ProcedureEvent,
    input: {} as { procedure: Procedure; effects: ProcedureEffects },
    output: {} as ProcedureOutput,
  },
  delays: {
    ack: ({ context }) => context.procedure.patience.ack,
    resend: ({ context }) => context.procedure.patience.resend,
    grace: ({ context }) => context.procedure.patience.grace,
    result: ({ context }) => context.procedure.patience.result,
    receiptSilence: ({ context }) => context.procedure.patience.receiptSilence,
  },
  guards: {
    mayResend: ({ context }) => !context.procedure.money && context.resendsLeft > 0,
    isMoney: ({ context }) => context.procedure.money,
    ackOnly: ({ context }) => context.procedure.ackOnly,
    settled: ({ context }) => !context.procedure.receipt || context.receiptEnded,
    answers: ({ context, event }) =>
      event.type === 'ANSWER' && context.procedure.answeredBy(event.response, context.acknowledged),
  },
  actions: {
    transmit: ({ context }) => context.effects.transmit(),
    timedOut: ({ context }) => context.effects.timedOut(),
    unexpected: ({ context, event }) => {
      if (event.type === 'ANSWER') context.effects.unexpected(event.response);
    },
    useResend: assign(({ context }) => ({ resendsLeft: context.resendsLeft - 1 })),
    tellResend: ({ context }) => context.effects.retransmitting(),
    acknowledge: assign({ acknowledged: true }),
    keep: assign({ response: ({ event }) => (event.type === 'ANSWER' ? event.response : undefined) }),
    noteReceipt: assign({
      receiptEnded: ({ context, event }) => context.receiptEnded || (event.type === 'RECEIPT' && event.last),
    }),
    fail: assign((_, params: { failure: ProcedureFailure }) => ({ failure: params.failure })),
    failLost: assign(({ event }) =>
      event.type === 'LOST'
        ? { failure: event.unsent ? ('unsent' as const) : ('lost' as const), detail: event.reason }
        : {},
    ),
  },
}).createMachine({
  id: 'procedure',
  context: ({ input }) => ({
    ...input,
    resendsLeft: input.procedure.patience.resends,
    acknowledged: false,
    receiptEnded: false,
    response: undefined,
    failure: undefined,
    detail: '',
  }),
  initial: 'transmitting',
  on: {
    LOST: { target: '.failed', actions: 'failLost' },
    ANSWER: { actions: 'unexpected' },
  },
  states: {
    transmitting: {
      entry: 'transmit',
      always: 'awaitingAck',
    },
    /** Result and progress may come without the ACK: they say more than it. */
    awaitingAck: {
      after: {
        ack: [
          { guard: 'mayResend', target: 'pausing', actions: ['timedOut', 'useResend'] },
          { guard: 'isMoney', target: 'unacknowledged', actions: 'timedOut' },
          { target: 'failed', actions: ['timedOut', { type: 'fail', params: { failure: 'silent' } }] },
        ],
      },
      on: {
        ACK: [
          { guard: 'ackOnly', target: 'done', actions: 'acknowledge' },
          { target: 'awaitingResult', actions: 'acknowledge' },
        ],
        NAK: [
          { guard: 'mayResend', target: 'pausing', actions: 'useResend' },
          { target: 'failed', actions: { type: 'fail', params: { failure: 'nak' } } },
        ],
        PROGRESS: { target: 'awaitingResult', actions: 'acknowledge' },
        RECEIPT: { target: 'awaitingResult', actions: ['acknowledge', 'noteReceipt'] },
        ANSWER: [{ guard: 'answers', target: 'settling', actions: 'keep' }, { actions: 'unexpected' }],
      },
    },
    pausing: {
      after: { resend: { target: 'transmitting', actions: 'tellResend' } },
      on: {
        ACK: [
          { guard: 'ackOnly', target: 'done', actions: 'acknowledge' },
          { target: 'awaitingResult', actions: 'acknowledge' },
        ],
        ANSWER: [{ guard: 'answers', target: 'settling', actions: 'keep' }, { actions: 'unexpected' }],
      },
    },
    unacknowledged: {
      after: { grace: { target: 'failed', actions: { type: 'fail', params: { failure: 'silent' } } } },
      on: {
        ACK: { target: 'awaitingResult', actions: 'acknowledge' },
        PROGRESS: { target: 'awaitingResult', actions: 'acknowledge' },
        RECEIPT: { target: 'awaitingResult', actions: ['acknowledge', 'noteReceipt'] },
        ANSWER: [{ guard: 'answers', target: 'settling', actions: 'keep' }, { actions: 'unexpected' }],
      },
    },
    awaitingResult: {
      after: {
        result: {
          target: 'failed',
          actions: ['timedOut', { type: 'fail', params: { failure: 'no-result' } }],
        },
      },
      on: {
        PROGRESS: { target: 'awaitingResult', reenter: true },
        RECEIPT: { target: 'awaitingResult', reenter: true, actions: 'noteReceipt' },
        /** The ACK seen was perhaps an older one's: no verdict on money from that, but no long wait either. */
        NAK: [
          { guard: 'isMoney', target: 'unacknowledged' },
          { target: 'failed', actions: { type: 'fail', params: { failure: 'nak' } } },
        ],
        ANSWER: [{ guard: 'answers', target: 'settling', actions: 'keep' }, { actions: 'unexpected' }],
      },
    },
    /** The result is known; nothing that happens now can take it back. */
    settling: {
      always: { guard: 'settled', target: 'done' },
      after: { receiptSilence: 'done' },
      on: {
        RECEIPT: { target: 'settling', reenter: true, actions: 'noteReceipt' },
        LOST: 'done',
      },
    },
    done: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context }): ProcedureOutput =>
    context.failure
      ? { ok: false, failure: context.failure, detail: context.detail }
      : { ok: true, response: context.response },
});
