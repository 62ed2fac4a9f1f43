import { parseArgs } from 'node:util';
import { isJollyError } from '@jolly/contracts/values';
import type { JournalReader, Json, StoredPayment } from './port.ts';
import { readJournal } from './reader.ts';

/** Where a command writes; the shell's streams outside tests. */
export interface CommandIo {
  out(line: string): void;
  err(line: string): void;
}

const USAGE = `jolly journal [payments|steps|open|verify] --data <folder> [--payment <id>] [--limit n] [--json]
  payments   the last payments, newest first (default)
  steps      every step of one payment: --payment <id>, or its last four digits
  open       what is not finished: payments, letters waiting or refused, notes about the card terminal
  verify     reads the chain of hashes from end to end`;

const time = (at: number) => new Date(at).toISOString().replace('T', ' ').slice(0, 23);

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const field = (data: Json | undefined, ...path: readonly string[]): string => {
  let value: unknown = data;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value === undefined || value === null ? '' : String(value);
};

const amount = (data: Json | undefined): string => {
  const text = field(data, 'lock', 'totalCents') || field(data, 'verified', 'amountCents');
  return text === '' ? '' : `${(Number(text) / 100).toFixed(2)}`;
};

/** What a technician may read: numbers and states. The journal holds no more, and this shows less of it. */
const paymentView = (payment: StoredPayment) => ({
  paymentId: payment.paymentId,
  state: payment.state,
  openedAt: new Date(payment.openedAt).toISOString(),
  updatedAt: new Date(payment.updatedAt).toISOString(),
  closed: payment.closedAt !== undefined,
  noticeNumber: field(payment.data, 'notice', 'noticeNumber'),
  totalCents: Number(field(payment.data, 'lock', 'totalCents')) || undefined,
  paymentToken: field(payment.data, 'lock', 'paymentToken') || undefined,
  stan: field(payment.data, 'card', 'stan') || undefined,
  reversalStan: field(payment.data, 'reversal', 'stan') || undefined,
  node: field(payment.data, 'node', 'state') || undefined,
  operator: field(payment.data, 'operator') === 'true',
});

function paymentTable(payments: readonly StoredPayment[]): readonly string[] {
  return table(
    ['opened (UTC)', 'code', 'state', 'total', 'notice', 'STAN', 'node', 'closed'],
    payments.map((payment) => [
      time(payment.openedAt),
      payment.paymentId.slice(-4).toUpperCase(),
      payment.state,
      amount(payment.data),
      field(payment.data, 'notice', 'noticeNumber'),
      field(payment.data, 'card', 'stan'),
      field(payment.data, 'node', 'state'),
      payment.closedAt === undefined ? 'no' : 'yes',
    ]),
  );
}

function steps(journal: JournalReader, wanted: string, asJson: boolean, io: CommandIo): number {
  const payment = journal
    .payments()
    .find(({ paymentId }) => paymentId === wanted || paymentId.endsWith(wanted.toLowerCase()));
  if (!payment) {
    io.err(`no payment ${wanted} in this journal`);
    return 1;
  }
  const found = journal.steps(payment.paymentId);
  if (asJson)
    for (const step of found) io.out(JSON.stringify({ ...step, at: new Date(step.at).toISOString() }));
  else {
    for (const line of table(
      ['at (UTC)', 'seq', 'event', 'state', 'detail'],
      found.map(({ at, seq, event, step, data }) => [
        time(at),
        String(seq),
        event,
        step,
        field(data, 'problem', 'kind') || field(data, 'node', 'state'),
      ]),
    )) {
      io.out(line);
    }
  }
  return 0;
}

function open(journal: JournalReader, asJson: boolean, io: CommandIo): number {
  const payments = journal.payments({ openOnly: true });
  const waiting = journal
    .waiting()
    .map(({ id, subject, kind, queuedAt }) => ({ id, subject, kind, queuedAt }));
  const refused = journal.refused().map(({ id, subject, kind, code }) => ({ id, subject, kind, code }));
  const notes = journal.notes().map(({ at, event, data }) => ({ at, event, data }));
  if (asJson) {
    io.out(JSON.stringify({ payments: payments.map(paymentView), waiting, refused, notes }));
    return 0;
  }
  io.out(`${payments.length} open payments`);
  if (payments.length > 0) for (const line of paymentTable(payments)) io.out(line);
  io.out(`${waiting.length} letters wait for the server`);
  for (const letter of waiting) io.out(`  ${time(letter.queuedAt)}  ${letter.kind}  ${letter.subject}`);
  io.out(`${refused.length} letters were set aside for good: the server does not have them`);
  for (const letter of refused) io.out(`  ${letter.kind}  ${letter.subject}  ${letter.code}`);
  for (const note of notes) io.out(`note ${time(note.at)}  ${note.event}  ${JSON.stringify(note.data)}`);
  return 0;
}

function verify(journal: JournalReader, asJson: boolean, io: CommandIo): number {
  const report = journal.verifyChain();
  if (asJson) io.out(JSON.stringify(report));
  else if (report.whole) io.out(`whole: ${report.steps} steps, head ${report.head}`);
  else io.out(`BROKEN at step ${report.brokenAt} (${report.reason}): the journal was changed by hand`);
  return report.whole ? 0 : 1;
}

/** `jolly journal`: reads beside a running terminal, changes nothing. Gives the exit status. */
export function runJournalCommand(args: readonly string[], io: CommandIo): number {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    io.err(error instanceof Error ? error.message : 'arguments not understood');
    io.err(USAGE);
    return 2;
  }
  const { values, positionals } = parsed;
  const what = positionals[0] ?? 'payments';
  if (values.help) {
    io.out(USAGE);
    return 0;
  }
  let journal: JournalReader;
  try {
    journal = readJournal(values.data);
  } catch (error) {
    if (!isJollyError(error)) throw error;
    io.err(`${error.message} (${error.entry.cure ?? ''})`);
    return 1;
  }
  try {
    switch (what) {
      case 'payments': {
        const payments = journal.payments({ limit: Number(values.limit) });
        if (values.json) for (const payment of payments) io.out(JSON.stringify(paymentView(payment)));
        else for (const line of paymentTable(payments)) io.out(line);
        return 0;
      }
      case 'steps':
        return steps(journal, values.payment ?? positionals[1] ?? '', values.json, io);
      case 'open':
        return open(journal, values.json, io);
      case 'verify':
        return verify(journal, values.json, io);
      default:
        io.err(USAGE);
        return 2;
    }
  } finally {
    journal.close();
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data' },
      payment: { type: 'string' },
      limit: { type: 'string', default: '50' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}
