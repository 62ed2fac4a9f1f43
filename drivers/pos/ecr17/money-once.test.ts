import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { type ProcedureEvent, procedureChart } from './conversation.ts';
import { type Prepared, Procedures } from './procedures.ts';
import { readSettings } from './settings.ts';

const procedures = new Procedures(readSettings(new URLSearchParams('lrc=std')));
const fresh = () => false;

/** Runs a procedure against what the terminal says, then silence to the end; how often the command was sent. */
function sent({ procedure }: Prepared, said: readonly ProcedureEvent[]) {
  const clock = new ManualClock();
  let times = 0;
  const effects = {
    transmit: () => void times++,
    retransmitting: () => undefined,
    timedOut: () => undefined,
    unexpected: () => undefined,
  };
  const actor = createActor(procedureChart, {
    input: { procedure, effects },
    clock: {
      setTimeout: (task: () => void, ms: number) => clock.after(ms, task),
      clearTimeout: (cancel: (() => void) | undefined) => cancel?.(),
    },
  }).start();
  for (const event of said) actor.send(event);
  for (let step = 0; step < 600; step++) clock.advance(1_000);
  const { output, status } = actor.getSnapshot();
  return { times, status, failure: output && !output.ok ? output.failure : undefined };
}

const NAK = { type: 'NAK' } as const;
const ACK = { type: 'ACK' } as const;
const PROGRESS = { type: 'PROGRESS' } as const;

describe.each([
  ['payment', procedures.payment(1_000, fresh, false)],
  ['reversal', procedures.reversal('000001', fresh, false)],
] as const)('a %s', (_, money) => {
  it.each([
    ['silence', [], 'silent'],
    ['a NAK', [NAK], 'nak'],
    ['an ACK, then silence', [ACK], 'no-result'],
    ['progress without ACK', [PROGRESS], 'no-result'],
    ['an ACK, then a NAK', [ACK, NAK], 'silent'],
    ['a broken link', [{ type: 'LOST', reason: 'end', unsent: false }], 'lost'],
  ] as const)('is sent once, after %s too', (_said, said, failure) => {
    expect(sent(money, said)).toEqual({ times: 1, status: 'done', failure });
  });
});

it('a harmless question is repeated three times on silence', () => {
  expect(sent(procedures.status(), [])).toMatchObject({ times: 4, failure: 'silent' });
});
