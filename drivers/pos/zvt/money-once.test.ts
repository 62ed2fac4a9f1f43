import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { memoryWire } from '../../transport/index.ts';
import {
  encodeSerialControl,
  encodeSerialFrame,
  encodeStatusInfo,
  SerialReader,
  statusInfoOfData,
} from './codec/index.ts';
import { type ProcedureEvent, procedureChart } from './conversation.ts';
import { ZvtLine } from './line.ts';
import { type Prepared, Procedures } from './procedures.ts';
import { readSettings } from './settings.ts';

const procedures = new Procedures(readSettings(new URLSearchParams()), false);
const infoOf = (fields: Parameters<typeof encodeStatusInfo>[0]) =>
  statusInfoOfData(encodeStatusInfo(fields).subarray(3));
const approved = infoOf({ resultCode: 0, amountCents: 1_000, trace: '000002' });

/** Runs a procedure against what the terminal says, then silence to the end; how often the command was sent. */
function sent({ procedure }: Prepared, said: readonly ProcedureEvent[]) {
  const clock = new ManualClock();
  let times = 0;
  const actor = createActor(procedureChart, {
    input: { procedure, transmit: () => void times++, timedOut: () => undefined },
    clock: {
      setTimeout: (task: () => void, ms: number) => clock.after(ms, task),
      clearTimeout: (cancel: (() => void) | undefined) => cancel?.(),
    },
  }).start();
  for (const event of said) actor.send(event);
  let seconds = 0;
  for (; seconds < 1_200 && actor.getSnapshot().status === 'active'; seconds++) clock.advance(1_000);
  const { output } = actor.getSnapshot();
  return { times, seconds, output, failure: output && !output.ok ? output.failure : undefined };
}

const OK = { type: 'OK' } as const;

describe.each([
  ['payment', procedures.payment(1_000, (info) => info.trace === '000001')],
  ['reversal', procedures.reversal('0001')],
] as const)('a %s', (_, money) => {
  it.each([
    ['silence', [], 'silent', 5],
    ['80 00, then silence', [OK], 'no-result', 180],
    ['a refusal', [{ type: 'REFUSED', code: 0x9a }], 'refused', 0],
    ['a refused frame', [{ type: 'NAK' }], 'nak', 0],
    ['intermediate status without 80 00, then silence', [{ type: 'SIGN' }], 'no-result', 180],
    ['intermediate status with a longer time', [OK, { type: 'SIGN', minutes: 10 }], 'no-result', 600],
    ['a result without completion', [OK, { type: 'RESULT', info: approved }], 'no-result', 180],
    ['a broken link', [OK, { type: 'LOST', reason: 'end', unsent: false }], 'lost', 0],
  ] as const)('is sent once, after %s too', (_said, said, failure, seconds) => {
    expect(sent(money, said)).toMatchObject({ times: 1, failure, seconds });
  });
});

describe('a result', () => {
  const payment = procedures.payment(1_000, (info) => info.trace === '000001');
  const COMPLETED = {
    type: 'COMPLETED',
    completion: {
      kind: 'completion',
      status: undefined,
      software: undefined,
      terminalId: undefined,
      sequence: undefined,
    },
  } as const;

  it('counts once when it is repeated, and contradicts itself when it differs', () => {
    const result = { type: 'RESULT', info: approved } as const;
    expect(sent(payment, [OK, result, result, COMPLETED]).output).toMatchObject({
      ok: true,
      info: approved,
      contradictory: false,
    });
    const other = { type: 'RESULT', info: infoOf({ resultCode: 5, trace: '000002' }) } as const;
    expect(sent(payment, [OK, result, other, COMPLETED]).output).toMatchObject({ contradictory: true });
  });

  it('of an older transaction is not taken', () => {
    const old = {
      type: 'RESULT',
      info: infoOf({ resultCode: 0, amountCents: 1_000, trace: '000001' }),
    } as const;
    expect(sent(payment, [OK, old, COMPLETED]).output).toMatchObject({ ok: true, info: undefined });
  });
});

describe('a serial line', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  async function serial() {
    const clock = new ManualClock();
    const context = { clock, log: () => undefined };
    const { transport, peer } = memoryWire({ ...context, random: () => 0 });
    const line = new ZvtLine(transport, { serial: true, ackMs: 5_000, text: 'auto' }, context);
    line.start(() => undefined);
    await settled();
    /** How many frames came since the last time. */
    const frames = async () => {
      await settled();
      return new SerialReader().push(peer.take()).filter(({ wire }) => wire === 'apdu').length;
    };
    return { clock, line, peer, frames };
  }
  const onSerial = new Procedures(readSettings(new URLSearchParams()), true);

  it('carries a payment once, whether the frame is refused or nothing comes', async () => {
    for (const answer of ['nak', 'silence'] as const) {
      const { clock, line, peer, frames } = await serial();
      const { apdu, procedure } = onSerial.payment(1_000, () => false);
      const running = line.perform(apdu, procedure);
      expect(await frames()).toBe(1);
      if (answer === 'nak') peer.send(encodeSerialControl('nak'));
      await settled();
      for (let second = 0; second < 30; second++) clock.advance(1_000);
      expect(await running).toMatchObject({ ok: false, failure: answer === 'nak' ? 'nak' : 'silent' });
      expect(await frames()).toBe(0);
    }
  });

  it('carries a harmless question three times', async () => {
    const { clock, line, peer, frames } = await serial();
    const { apdu, procedure } = onSerial.status();
    const running = line.perform(apdu, procedure);
    expect(await frames()).toBe(1);
    peer.send(encodeSerialControl('nak'));
    await settled();
    expect(await frames()).toBe(1);
    for (let second = 0; second < 30; second++) clock.advance(1_000);
    expect(await frames()).toBe(1);
    expect(await running).toMatchObject({ ok: false, failure: 'silent' });
    expect(line.counters).toMatchObject({ repetitions: 2, naksIn: 1 });
  });

  it('confirms no result that nobody waits for, and says NAK to a frame that stops in the middle', async () => {
    const { clock, line, peer } = await serial();
    const frame = encodeSerialFrame(encodeStatusInfo({ resultCode: 0, amountCents: 1_000, trace: '000002' }));
    peer.send(frame);
    await settled();
    await settled();
    expect(new SerialReader().push(peer.take()).map(({ wire }) => wire)).toEqual(['ack']);
    expect(line.counters.unexpected).toBe(1);
    peer.send(frame.subarray(0, 9));
    await settled();
    clock.advance(250);
    await settled();
    expect(new SerialReader().push(peer.take()).map(({ wire }) => wire)).toEqual(['nak']);
  });
});
