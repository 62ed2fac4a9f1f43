import { ManualClock } from '@jolly/contracts/values';
import type { DeviceHealth, DeviceState } from '@jolly/drivers/health';
import type { CardTerminal, ChargeResult } from '@jolly/drivers/pos';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../stand-ins/index.ts';
import { deviceLimitations, openDevices } from './index.ts';

const health = (state: DeviceState): DeviceHealth => ({ state, reasons: [], since: 0, counters: {} });
const broken = (): never => {
  throw new Error('driver broke');
};
const reference = { kioskPaymentId: 'x', amountCents: 1 as never, lastStan: undefined, startedAt: 0 };

function bench(parts: {
  pos?: Partial<CardTerminal>;
  printer?: Partial<ReceiptPrinter>;
  barcode?: 'throws';
}) {
  const logs: string[] = [];
  const device = { uri: 'x', onHealth: () => () => undefined, close: async () => undefined };
  const registry = new DeviceRegistry()
    .register(
      'pos',
      'ecr17',
      () => ({ ...device, health: () => health('ready'), ...parts.pos }) as CardTerminal,
    )
    .register(
      'printer',
      'escpos',
      () => ({ ...device, health: () => health('ready'), ...parts.printer }) as ReceiptPrinter,
    )
    .register(
      'barcode',
      'scan',
      () => (parts.barcode ? broken() : { ...device, health: () => health('ready') }) as never,
    );
  const devices = openDevices(testConfig(), registry, new ManualClock(), (event, detail) =>
    logs.push(`${event} ${detail?.role} ${detail?.method}`),
  );
  return { devices, logs };
}

describe('a driver that breaks', () => {
  it('when it is made is a device at fault, and the others work', async () => {
    const { devices, logs } = bench({ barcode: 'throws' });
    expect(devices.barcode.health()).toMatchObject({ state: 'fault', reasons: ['driver-create-Error'] });
    expect(deviceLimitations(devices)).toEqual(['barcode-unavailable']);
    expect(devices.barcode.listen(() => undefined)).toBeTypeOf('function');
    expect(await devices.barcode.selfTest()).toMatchObject([{ ok: false }]);
    expect(logs).toEqual(['driver-fault barcode create']);
    await devices.close();
  });

  it('when asked for its health is at fault', () => {
    const { devices } = bench({ pos: { health: broken } });
    expect(devices.pos.health().state).toBe('fault');
    expect(deviceLimitations(devices)).toEqual(['pos-unavailable']);
  });

  it('while charging leaves the charge uncertain once money was announced, and not before', async () => {
    const fails = async (
      _: unknown,
      __: unknown,
      options: { beforeMoney: () => void },
    ): Promise<ChargeResult> => {
      options.beforeMoney();
      return broken();
    };
    const announced = bench({ pos: { charge: fails } });
    let journaled = 0;
    const options = { beforeMoney: () => void journaled++ };
    expect(await announced.devices.pos.charge(reference, {}, options)).toMatchObject({
      outcome: 'uncertain',
    });
    expect(journaled).toBe(1);
    const early = bench({ pos: { charge: async () => broken() } });
    expect(await early.devices.pos.charge(reference, {}, options)).toMatchObject({ outcome: 'not-started' });
    // a journal that cannot be written stops the charge before it starts
    const unjournaled = await announced.devices.pos.charge(reference, {}, { beforeMoney: broken });
    expect(unjournaled).toMatchObject({ outcome: 'not-started' });
  });

  it('while printing leaves the print unknown', async () => {
    const { devices } = bench({ printer: { print: async () => broken(), paper: broken } });
    expect(await devices.printer.print({ kind: 'test-page', blocks: [] })).toMatchObject({
      result: 'unknown',
    });
    expect(devices.printer.paper()).toMatchObject({ paper: 'unknown' });
  });
});

it('tells the citizen what does not work', () => {
  const printer = (state: DeviceState) =>
    deviceLimitations(bench({ printer: { health: () => health(state) } }).devices);
  expect(printer('degraded')).toEqual([]);
  expect(printer('out-of-paper')).toEqual(['printer-paper-out']);
  expect(printer('jam')).toEqual(['printer-unavailable']);
});

it('reports each device in the words of the contract', () => {
  expect(
    bench({})
      .devices.reports()
      .map(({ role, state }) => [role, state]),
  ).toEqual([
    ['pos', 'ready'],
    ['printer', 'ready'],
    ['barcode', 'ready'],
  ]);
});
