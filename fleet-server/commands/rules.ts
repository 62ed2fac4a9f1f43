import type { CommandRow } from '@jolly/contracts/fleet-api';
import { COMMAND_ENDS, type CommandReport, type CommandState } from '@jolly/contracts/fleet-link';

export type Progress = Pick<CommandRow, 'state' | 'reason' | 'steps' | 'history'>;

/** Reason of an end that the server itself wrote, because the terminal's did not come. */
export const NO_ANSWER = 'no-answer';

const RANK: Readonly<Record<CommandState, number>> = {
  queued: 0,
  waiting: 1,
  running: 2,
  done: 3,
  refused: 3,
  expired: 3,
  failed: 3,
};

/** How long after its expiry a terminal's word is waited for: one that began in time may take this long, and its word travels. */
export const GRACE_MS = 2 * 60_000;
export const RUNNING_GRACE_MS = 15 * 60_000;

/** Until when the end is waited for; null: it is there. */
export function openUntil({ state }: Progress, expiresAt: number): number | null {
  if (COMMAND_ENDS.has(state)) return null;
  return expiresAt + (state === 'running' ? RUNNING_GRACE_MS : GRACE_MS);
}

/**
 * What a terminal's word makes of it; undefined: nothing. A state never goes back and an end stays, but for the one that the server
 * guessed: what the terminal says it did, it did, however late its word comes.
 */
export function advance(before: Progress, report: CommandReport, at: number): Progress | undefined {
  const guessed = before.state === 'expired' && before.reason === NO_ANSWER;
  const further = guessed ? COMMAND_ENDS.has(report.state) : RANK[report.state] > RANK[before.state];
  if (!further) return undefined;
  const last = before.history.at(-1)?.at ?? at;
  return {
    state: report.state,
    ...(report.reason === undefined ? {} : { reason: report.reason }),
    ...(report.steps === undefined ? {} : { steps: report.steps }),
    history: [...before.history, { at: Math.max(last, at), state: report.state }],
  };
}

/** The end of one that is never heard of. */
export const unanswered = (before: Progress, at: number): Progress => ({
  state: 'expired',
  reason: NO_ANSWER,
  history: [...before.history, { at, state: 'expired' }],
});
