import { assign, setup } from 'xstate';
import type { StatusInfo, TerminalMessage } from './codec/index.ts';

/** How long each silence may last (pos.md 2). Milliseconds. */
export interface Patience {
  /** From the command to `80` or `84`, repetitions on a serial line included. */
  readonly answer: number;
  /** T4: from the last message of the terminal to its completion. */
  readonly completion: number;
}

/** One procedure: a command, the terminal's answer, and its messages until completion or abort. */
export interface Procedure {
  readonly name: string;
  /** Sent once, whatever happens: a repeated authorisation is a second payment. */
  readonly money: boolean;
  /** A result (`04 0F`) belongs to it. A result nobody waits for is not confirmed, and the terminal takes it back. */
  readonly takesResult: boolean;
  /** The answer alone ends it (`06 02`). */
  readonly answerOnly: boolean;
  /** A result that is not the one waited for. */
  readonly stale: (info: StatusInfo) => boolean;
  readonly patience: Patience;
}

export type Completion = Extract<TerminalMessage, { kind: 'completion' }>;

export type ProcedureEvent =
  | { readonly type: 'OK' }
  | { readonly type: 'REFUSED'; readonly code: number }
  /** The other end of a serial line refused the frame. */
  | { readonly type: 'NAK' }
  /** Any message that shows that the terminal works on it. `minutes`: a new T4. */
  | { readonly type: 'SIGN'; readonly minutes?: number | undefined }
  | { readonly type: 'RESULT'; readonly info: StatusInfo }
  | { readonly type: 'COMPLETED'; readonly completion: Completion }
  | { readonly type: 'ABORTED'; readonly code: number | undefined }
  /** The link broke; `unsent` when it is certain that no byte left. */
  | { readonly type: 'LOST'; readonly reason: string; readonly unsent: boolean };

/**
 * `refused`: `84 xx`, nothing was done · `nak`: the frame was refused · `silent`: no answer · `no-result`: answered, then
 * nothing · `lost`: the link broke · `unsent`: it broke before the first byte.
 */
export type ProcedureFailure = 'refused' | 'nak' | 'silent' | 'no-result' | 'lost' | 'unsent';

export type ProcedureOutput =
  | {
      readonly ok: true;
      readonly ended: 'completed' | 'aborted';
      /** Of an abort. */
      readonly code: number | undefined;
      readonly info: StatusInfo | undefined;
      /** Several results came and did not agree. */
      readonly contradictory: boolean;
      readonly completion: Completion | undefined;
    }
  | {
      readonly ok: false;
      readonly failure: ProcedureFailure;
      readonly detail: string;
      /** Of a refusal. */
      readonly code: number | undefined;
    };

interface Context {
  readonly procedure: Procedure;
  readonly transmit: () => void;
  readonly timedOut: () => void;
  readonly completionMs: number;
  readonly info: StatusInfo | undefined;
  readonly contradictory: boolean;
  readonly completion: Completion | undefined;
  readonly aborted: boolean;
  readonly code: number | undefined;
  readonly failure: ProcedureFailure | undefined;
  readonly detail: string;
}

const agrees = (one: StatusInfo, other: StatusInfo): boolean =>
  one.resultCode === other.resultCode && one.trace === other.trace && one.amountCents === other.amountCents;

/**
 * The chart of one procedure (pos.md 2). The confirmation of each message is the line's; this decides what is waited for and
 * how it ended. A message of the terminal without its `80 00` before says more than that, and is taken.
 *
 *     transmitting ─► awaitingAnswer ─► running ─► done
 *                         └──────────────┴──► failed
 */
export const procedureChart = setup({
  types: {
    context: {} as Context,
    events: {} as ProcedureEvent,
    input: {} as { procedure: Procedure; transmit: () => void; timedOut: () => void },
    output: {} as ProcedureOutput,
  },
  delays: {
    answer: ({ context }) => context.procedure.patience.answer,
    completion: ({ context }) => context.completionMs,
  },
  guards: {
    answerOnly: ({ context }) => context.procedure.answerOnly,
    fresh: ({ context, event }) => event.type === 'RESULT' && !context.procedure.stale(event.info),
  },
  actions: {
    transmit: ({ context }) => context.transmit(),
    timedOut: ({ context }) => context.timedOut(),
    extend: assign(({ context, event }) =>
      event.type === 'SIGN' && event.minutes ? { completionMs: event.minutes * 60_000 } : context,
    ),
    keep: assign(({ context, event }) => {
      if (event.type !== 'RESULT') return {};
      const contradictory =
        context.contradictory || (context.info !== undefined && !agrees(context.info, event.info));
      return { info: event.info, contradictory };
    }),
    complete: assign(({ event }) => (event.type === 'COMPLETED' ? { completion: event.completion } : {})),
    abort: assign(({ event }) => (event.type === 'ABORTED' ? { aborted: true, code: event.code } : {})),
    fail: assign((_, params: { failure: ProcedureFailure }) => ({ failure: params.failure })),
    failRefused: assign(({ event }) =>
      event.type === 'REFUSED' ? { failure: 'refused' as const, code: event.code } : {},
    ),
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
    completionMs: input.procedure.patience.completion,
    info: undefined,
    contradictory: false,
    completion: undefined,
    aborted: false,
    code: undefined,
    failure: undefined,
    detail: '',
  }),
  initial: 'transmitting',
  on: {
    LOST: { target: '.failed', actions: 'failLost' },
    COMPLETED: { target: '.done', actions: 'complete' },
    ABORTED: { target: '.done', actions: 'abort' },
    SIGN: { target: '.running', actions: 'extend' },
    RESULT: [{ guard: 'fresh', target: '.running', actions: 'keep' }, { target: '.running' }],
  },
  states: {
    transmitting: { entry: 'transmit', always: 'awaitingAnswer' },
    awaitingAnswer: {
      after: {
        answer: { target: 'failed', actions: ['timedOut', { type: 'fail', params: { failure: 'silent' } }] },
      },
      on: {
        OK: [{ guard: 'answerOnly', target: 'done' }, { target: 'running' }],
        REFUSED: { target: 'failed', actions: 'failRefused' },
        NAK: { target: 'failed', actions: { type: 'fail', params: { failure: 'nak' } } },
      },
    },
    /** Answers that come now are to an abort that was asked for: the end tells what became of it. */
    running: {
      after: {
        completion: {
          target: 'failed',
          actions: ['timedOut', { type: 'fail', params: { failure: 'no-result' } }],
        },
      },
    },
    done: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context }): ProcedureOutput =>
    context.failure
      ? { ok: false, failure: context.failure, detail: context.detail, code: context.code }
      : {
          ok: true,
          ended: context.aborted ? 'aborted' : 'completed',
          code: context.code,
          info: context.info,
          contradictory: context.contradictory,
          completion: context.completion,
        },
});
