import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cents, ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { registerPos } from '../pos/ecr17/index.ts';
import { registerPrinter } from '../printer/escpos/index.ts';
import { DeviceRegistry } from '../registry/index.ts';
import { decodeRecording, replayDial } from './index.ts';

const drivers = join(import.meta.dirname, '..');
const registry = registerPrinter(registerPos(new DeviceRegistry()));

/** A driver on the device's side of a recording that was made from a simulator, on a clock that only moves when nothing else does. */
function replay(file: string) {
  const recording = decodeRecording(readFileSync(join(drivers, file), 'utf8'));
  const clock = new ManualClock(recording.startedAt);
  const context = { clock, log: () => undefined, random: () => 0 };
  const { dial, report } = replayDial(
    recording.lines.map(({ event }) => event),
    context,
  );
  const ends = async <T>(promise: Promise<T>): Promise<T> => {
    let over = false;
    const settled = promise.finally(() => {
      over = true;
    });
    for (let turn = 0; turn < 4_000 && !over; turn++) {
      for (let micro = 0; micro < 60; micro++) await Promise.resolve();
      clock.advance(10);
    }
    return settled;
  };
  return { uri: recording.lines[0]?.uri ?? '', context: { ...context, dial }, clock, report, ends };
}

describe('a recorded card terminal', () => {
  it('is charged again: status, last transaction, charge, receipt, to the last frame of the recording', async () => {
    const { uri, context, clock, report, ends } = replay('pos/ecr17/recordings/charge.jsonl');
    const pos = registry.create('pos', uri, context);
    const ready = async () => {
      while (pos.health().state !== 'ready') await Promise.resolve();
    };
    await ends(ready());
    expect((await ends(pos.lastTransaction())).found).not.toBe('approved');
    const announced: string[] = [];
    const result = await ends(
      pos.charge(
        { kioskPaymentId: 'x', amountCents: cents(1_234), lastStan: undefined, startedAt: clock.now() },
        {},
        { beforeMoney: () => announced.push('money') },
      ),
    );
    expect(announced).toEqual(['money']);
    expect(result).toMatchObject({
      outcome: 'approved',
      card: { stan: '000001', authCode: 'A00001', entry: 'CLI' },
    });
    expect(result.outcome === 'approved' && result.card.maskedPan).toMatch(/^\*+4321$/);
    expect(report()).toMatchObject({ different: 0, missing: 0, over: true });
    await pos.close();
  });
});

describe('a recorded printer', () => {
  it('prints again, over as many connections as then', async () => {
    const { uri, context, report, ends } = replay('printer/escpos/recordings/slip.jsonl');
    const printer = registry.create('printer', uri, context);
    await ends(printer.look());
    expect(printer.health().state).toBe('ready');
    const slip = { kind: 'receipt', blocks: [{ block: 'text', text: 'Ricevuta di BIANC HIANN' }] } as const;
    expect(await ends(printer.print(slip))).toEqual({ result: 'printed' });
    expect(report()).toMatchObject({ different: 0, missing: 0, over: true });
    await printer.close();
  });

  it('tells when the driver does something else today', async () => {
    const { uri, context, report, ends } = replay('printer/escpos/recordings/slip.jsonl');
    const printer = registry.create('printer', uri, context);
    await ends(printer.look());
    await ends(printer.print({ kind: 'receipt', blocks: [{ block: 'text', text: 'two words' }] }));
    expect(report().different).toBeGreaterThan(0);
    await printer.close();
  });
});

describe('the recordings of this repository', () => {
  it('hold nobody: no name, no card number', () => {
    for (const file of ['pos/ecr17/recordings/charge.jsonl', 'printer/escpos/recordings/slip.jsonl'])
      for (const { event } of decodeRecording(readFileSync(join(drivers, file), 'utf8')).lines)
        if ('kept' in event) expect(String.fromCharCode(...event.kept)).not.toMatch(/ROSSI|MARIO|541275/);
  });
});
