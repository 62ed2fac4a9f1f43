import type { PosLog } from './control.ts';

/** When the card terminal told the result, and how much of the time after it the terminal took for itself. */
export interface Approval {
  /** Epoch ms. */
  readonly at: number;
  /** From each thing it heard to the next thing it said, summed: its slip comes in messages that we acknowledge one by one. */
  readonly posMs: number;
}

/** A result with code 00: of ECR17 `E 00 STAN 000042` or `V 00 …`, of ZVT `04 0F 00`, of nexo an answer that brings its slip along. */
const RESULT = /^(?:[EV] 00 |04 0F 00$|Payment Success$)/;
/** A piece of the slip: of ECR17 `S`, of ZVT a block or line to print, and the completion that follows them. */
const SLIP = /^(?:S|06 D[13]|06 0F)$/;

/**
 * Finds the approval since `since` in the terminal's own log, oldest entry first. The answers to later questions are not counted.
 * Throws when there is no approval.
 */
export function posApproval(log: PosLog, since: number): Approval {
  const results = log.filter(
    ({ at, direction, what }) => at >= since && direction === 'out' && RESULT.test(what),
  );
  // Before a payment the terminal is asked for its last transaction: that answer is an older approval.
  const result = results.at(-1);
  if (!result) throw new Error('the card terminal has not approved anything');
  const rest = log.slice(log.indexOf(result) + 1);
  const lastSlip = rest.findLastIndex(({ direction, what }) => direction === 'out' && SLIP.test(what));
  let posMs = 0;
  let heardAt: number | undefined;
  for (const entry of rest.slice(0, lastSlip + 1)) {
    if (entry.direction === 'in') {
      heardAt = entry.at;
      continue;
    }
    if (heardAt !== undefined) posMs += entry.at - heardAt;
    heardAt = undefined;
  }
  return { at: result.at, posMs };
}
