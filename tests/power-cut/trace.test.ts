import { describe, expect, it } from 'vitest';
import { judgeTrace, readTrace } from './trace.ts';

const ends = { posPort: 10_000, serverPort: 8_443 };
const wal = '22</srv/terminal/journal.db-wal>';
const pos = '25<TCP:[127.0.0.1:40000->127.0.0.1:10000]>';
const server = '26<TCP:[127.0.0.1:40001->127.0.0.1:8443]>';
const judge = (...lines: readonly string[]) => judgeTrace(readTrace(lines.join('\n'), ends));

const step = [`100 pwrite64(${wal}, "\\0\\0"..., 4096, 56) = 4096`, `100 fdatasync(${wal}) = 0`];
const charge = `100 write(${pos}, "\\2123456780X0000000100"..., 170) = 170`;
const outcome = `100 write(${server}, "POST /api/payments/1/outcome HTTP/1.1\\r\\n"..., 300) = 300`;

describe('the trace of a payment', () => {
  it('is in order when each money act follows a synced step', () => {
    expect(judge(...step, charge, ...step, outcome)).toEqual({
      journalWrites: 2,
      syncs: 2,
      posWrites: 1,
      serverWrites: 1,
      moneyActs: 2,
      faults: [],
    });
  });

  it('shows a write to the terminal before the sync', () => {
    expect(judge(step[0] ?? '', charge, step[1] ?? '').faults).toHaveLength(2);
  });

  it('shows a journal that is never synced', () => {
    expect(judge(step[0] ?? '', charge).faults[0]).toMatch(/not synced/);
  });

  it('shows a second act on one step', () => {
    expect(judge(...step, charge, outcome).faults).toEqual([expect.stringMatching(/without a synced step/)]);
  });

  it('counts a sync in two halves only once it came back', () => {
    const begun = `100 fdatasync(${wal} <unfinished ...>`;
    const resumed = '100 <... fdatasync resumed>) = 0';
    expect(judge(step[0] ?? '', begun, resumed, charge).faults).toEqual([]);
    expect(judge(step[0] ?? '', begun, charge, resumed).faults).not.toEqual([]);
    expect(judge(step[0] ?? '', begun, '100 <... fdatasync resumed>) = -1 EIO', charge).faults).not.toEqual(
      [],
    );
  });

  it('knows a money message of nexo from a question', () => {
    const message = (category: string) =>
      `100 write(${pos}, "POST /nexo HTTP/1.1\\r\\n\\r\\n{\\"SaleToPOIRequest\\":{\\"MessageHeader\\":{\\"MessageCategory\\":\\"${category}\\""..., 900) = 900`;
    expect(judge(...step, message('Payment'), ...step, message('Reversal'))).toMatchObject({
      moneyActs: 2,
      faults: [],
    });
    expect(judge(...step, message('Payment'), message('Reversal')).faults).toHaveLength(1);
    expect(judge(message('Diagnosis'), message('TransactionStatus'))).toMatchObject({
      moneyActs: 0,
      faults: [],
    });
  });

  it('lets harmless questions pass and ignores other files', () => {
    const status = `100 write(${pos}, "\\2123456780s"..., 14) = 14`;
    const log = '100 write(1</tmp/log>, "{}", 2) = 2';
    expect(judge(status, log, status).faults).toEqual([]);
  });

  it('judges a server and its node by the same rules', () => {
    const store = '22</srv/fleet.sqlite-wal>';
    const write = `100 pwrite64(${store}, "\\0"..., 4096, 56) = 4096`;
    const pay = `100 write(${server}, "POST /node HTTP/1.1\\r\\nSOAPAction: \\"sendPaymentOutcomeV2\\"\\r\\n"..., 900) = 900`;
    const verdict = (...lines: readonly string[]) =>
      judgeTrace(
        readTrace(lines.join('\n'), { store: /fleet\.sqlite(-wal)?>/, serverPort: ends.serverPort }),
      );
    expect(verdict(write, `100 fdatasync(${store}) = 0`, pay)).toMatchObject({ moneyActs: 1, faults: [] });
    expect(verdict(write, pay).faults).toHaveLength(2);
  });
});
