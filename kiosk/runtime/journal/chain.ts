import { hash } from 'node:crypto';

/** The hash before the first step ever. */
export const GENESIS = '0'.repeat(64);

/** What a step says, apart from its place in the chain. */
export interface ChainedStep {
  readonly n: number;
  readonly paymentId: string;
  readonly seq: number;
  readonly at: number;
  readonly step: string;
  readonly event: string;
  /** SHA-256 of the data, hex: pruning the data leaves the chain whole. */
  readonly dataHash: string;
}

const sha256 = (text: string): string => hash('sha256', text, 'hex');

export function hashOfData(data: string): string {
  return sha256(data);
}

/**
 * Each step carries the hash of everything before it: a row changed, dropped or put in later is found by reading once.
 * It shows tampering, it does not prevent it: who can rewrite the whole tail can also compute new hashes. What such a tail
 * says of money is then contradicted by the outcomes and facts that the server has.
 */
export function chainHash(previous: string, step: ChainedStep): string {
  return sha256(
    [previous, step.n, step.paymentId, step.seq, step.at, step.step, step.event, step.dataHash].join('\n'),
  );
}
