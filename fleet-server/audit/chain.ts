import { createHash } from 'node:crypto';
import type { AuditLine } from '@jolly/contracts/fleet-api';
import type { AuditEntry } from './port.ts';

/** What stands before the first line. */
export const GENESIS = '0'.repeat(64);

/** Written by the log itself where it finds that what is there is not what it left. */
export const BROKEN_ACT = 'audit-chain-broken';

type Detail = AuditEntry['detail'];

/** Keys in order, so that the same detail is the same text wherever it comes from. */
export function canonicalDetail(detail: Detail): string {
  return JSON.stringify(Object.fromEntries(Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** SHA-256 (hex) over the line and the hash before it. One JSON array: no field can run over into the next. */
export function hashOfLine(
  tenantId: string,
  previous: string,
  line: Pick<AuditLine, 'seq' | 'at' | 'actor' | 'act' | 'subject' | 'detail'>,
): string {
  const { seq, at, actor, act, subject } = line;
  const text = JSON.stringify([
    'jolly-audit-v1',
    tenantId,
    seq,
    at,
    actor,
    act,
    subject,
    canonicalDetail(line.detail),
    previous,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

/** Where a chain stands: how many lines, and the last one's hash. */
export interface Head {
  readonly count: number;
  readonly hash: string;
}

export const NO_LINES: Head = { count: 0, hash: GENESIS };

export interface ChainFault {
  /** Number of the line at which it shows. */
  readonly seq: number;
  readonly what:
    | 'line-missing'
    | 'line-changed'
    | 'line-forged'
    | 'tail-cut'
    | 'head-broken'
    | 'broken-before';
}

/** Follows a chain line by line; a million lines need no more memory than one. */
export interface ChainCheck {
  add(line: AuditLine): void;
  /** Where the lines led. */
  head(): Head;
  faults(): readonly ChainFault[];
}

/** Faults beyond these are the same break, told again. */
const MOST_FAULTS = 100;

/** `from`: what is known to stand before the first line given. */
export function checkChain(tenantId: string, from: Head = NO_LINES): ChainCheck {
  const faults: ChainFault[] = [];
  let head = from;
  const found = (seq: number, what: ChainFault['what']) => {
    if (faults.length < MOST_FAULTS) faults.push({ seq, what });
  };
  return {
    add(line) {
      if (line.seq !== head.count + 1) found(head.count + 1, 'line-missing');
      else if (hashOfLine(tenantId, head.hash, line) !== line.hash) found(line.seq, 'line-changed');
      if (line.act === BROKEN_ACT) found(line.seq, 'broken-before');
      head = { count: line.seq, hash: line.hash };
    },
    head: () => head,
    faults: () => faults,
  };
}
