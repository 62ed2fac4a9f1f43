/** One system call of an `strace -f -yy` log that matters here. */
export interface TracedCall {
  readonly line: number;
  readonly call: 'journal-write' | 'journal-sync' | 'pos-write' | 'server-write';
  /** The bytes as strace shows them (escaped, cut). */
  readonly bytes: string;
}

export interface TraceEnds {
  /** The files that must be synced; the terminal's journal where nothing is said. */
  readonly store?: RegExp;
  /** TCP port of the card terminal, where there is one, and of the server spoken to. */
  readonly posPort?: number;
  readonly serverPort: number;
}

const JOURNAL = /journal\.db(-wal)?>/;

const CALL =
  /^(?:\d+\s+)?(?:\d+\.\d+\s+)?(write|writev|pwrite64|sendto|sendmsg|fsync|fdatasync)\((\d+)<(.*)$/;

/**
 * The calls of a trace, in order: writes and syncs of the journal, bytes to the card terminal, bytes to the server. A call
 * that another thread interrupts is printed in two halves: the first (`<unfinished …>`) has the arguments, and a sync
 * counts only where it came back (`resumed`).
 */
export function readTrace(text: string, ends: TraceEnds): readonly TracedCall[] {
  const found: TracedCall[] = [];
  const unfinished = new Map<string, TracedCall>();
  for (const [index, raw] of text.split('\n').entries()) {
    const thread = /^(\d+)\s/.exec(raw)?.[1] ?? '';
    if (/<\.\.\. (fsync|fdatasync) resumed>/.test(raw)) {
      const begun = unfinished.get(thread);
      unfinished.delete(thread);
      if (begun && /= 0\s*$/.test(raw)) found.push({ ...begun, line: index + 1 });
      continue;
    }
    const match = CALL.exec(raw);
    if (!match) continue;
    const [, name = '', , rest = ''] = match;
    const kind = kindOf(name, rest, ends);
    if (!kind) continue;
    const call: TracedCall = {
      line: index + 1,
      call: kind,
      bytes: /"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? '',
    };
    if (kind !== 'journal-sync') found.push(call);
    else if (raw.includes('<unfinished')) unfinished.set(thread, call);
    else if (/= 0\s*$/.test(raw)) found.push(call);
  }
  return found;
}

function kindOf(name: string, rest: string, ends: TraceEnds): TracedCall['call'] | undefined {
  const target = rest.slice(0, rest.search(/>[,) ]/) + 1);
  if ((ends.store ?? JOURNAL).test(target)) {
    return name === 'fsync' || name === 'fdatasync' ? 'journal-sync' : 'journal-write';
  }
  if (ends.posPort !== undefined && target.includes(`->127.0.0.1:${ends.posPort}]`)) return 'pos-write';
  return target.includes(`->127.0.0.1:${ends.serverPort}]`) ? 'server-write' : undefined;
}

/** Money commands of ECR17: payment with extended result, payment, reversal (pos.md 1.3), after STX and terminal id. */
const MONEY_FRAME = /^\\2\d{8}0[XPS]/;
/** Those of nexo: a message whose header comes first, in one write with the head of its HTTP request or in the next. */
const MONEY_MESSAGE = /\\"MessageCategory\\":\\"(Payment|Reversal)\\"/;
/** Calls to the server that announce or report money, and those to the pagoPA node that lock or pay a position. */
const MONEY_CALL =
  /^POST [^ ]*(activat|outcome|facts)[^ ]* HTTP|^POST .*SOAPAction: [^a-z]*(activatePaymentNotice|sendPaymentOutcome)/i;

const movesMoney = (call: TracedCall['call'], bytes: string): boolean =>
  call === 'pos-write' ? MONEY_FRAME.test(bytes) || MONEY_MESSAGE.test(bytes) : MONEY_CALL.test(bytes);

export interface TraceVerdict {
  readonly journalWrites: number;
  readonly syncs: number;
  readonly posWrites: number;
  readonly serverWrites: number;
  /** POS money frames and server money calls, each preceded by a step of its own. */
  readonly moneyActs: number;
  readonly faults: readonly string[];
}

/**
 * Two rules. Nothing leaves the terminal while the journal has written something that is not synced; and every act that
 * moves or tells of money has a synced step of the journal between itself and the money act before it.
 */
export function judgeTrace(calls: readonly TracedCall[]): TraceVerdict {
  const faults: string[] = [];
  let dirty: number | undefined;
  let stepped = false;
  let moneyActs = 0;
  const count = (call: TracedCall['call']) => calls.filter((each) => each.call === call).length;
  for (const { call, line, bytes } of calls) {
    if (call === 'journal-write') dirty ??= line;
    else if (call === 'journal-sync') {
      if (dirty !== undefined) stepped = true;
      dirty = undefined;
    } else {
      if (dirty !== undefined)
        faults.push(`line ${line}: ${call} while line ${dirty} of the journal is not synced`);
      if (!movesMoney(call, bytes)) continue;
      moneyActs++;
      if (!stepped) faults.push(`line ${line}: a money act without a synced step before it`);
      stepped = false;
    }
  }
  return {
    journalWrites: count('journal-write'),
    syncs: count('journal-sync'),
    posWrites: count('pos-write'),
    serverWrites: count('server-write'),
    moneyActs,
    faults,
  };
}
