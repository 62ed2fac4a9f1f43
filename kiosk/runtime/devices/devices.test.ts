import type { LoginContext } from '@jolly/contracts/citizen-login';
import { ManualClock, SecretDigits } from '@jolly/contracts/values';
import { type CardReader, cardError } from '@jolly/drivers/card';
import type { DeviceHealth, DeviceState } from '@jolly/drivers/health';
import type { CardTerminal, ChargeResult } from '@jolly/drivers/pos';
import type { ReceiptPrinter } from '@jolly/drivers/printer';
import { DeviceRegistry } from '@jolly/drivers/registry';
import { describe, expect, it } from 'vitest';
import { testConfig } from '../stand-ins/index.ts';
import { ContainedCard } from './contain-card.ts';
import { deviceLimitations, openDevices, withCardLeft } from './index.ts';

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

describe('the wall around the reader of citizens’ cards', () => {
  const clock = new ManualClock();
  const faults: string[] = [];
  const wall = (driver: Partial<CardReader> | 'throws') =>
    new ContainedCard(
      'pcsc:x',
      () =>
        driver === 'throws'
          ? broken()
          : ({ onHealth: () => () => undefined, health: () => health('ready'), ...driver } as CardReader),
      clock,
      (method) => faults.push(method),
    );
  const pin = new SecretDigits(8);
  const context = {} as LoginContext;

  it('is an unavailable reader when the driver cannot be made', async () => {
    const card = wall('throws');
    expect(card.presence()).toMatchObject({ state: 'unavailable' });
    expect(card.health().state).toBe('fault');
    await expect(card.look()).rejects.toMatchObject({ code: 'READER_LOST' });
  });

  it('lets the errors of the port through', async () => {
    const card = wall({ signIn: () => Promise.reject(cardError('PIN_WRONG', { triesLeft: 2 })) });
    await expect(card.signIn(pin, context)).rejects.toMatchObject({
      code: 'PIN_WRONG',
      detail: { triesLeft: 2 },
    });
  });

  it('answers for a driver that broke: uncertain only once a PIN may be on its way', async () => {
    const early = wall({ signIn: async () => broken() });
    await expect(early.signIn(pin, context)).rejects.toMatchObject({ code: 'CARD_RESET' });
    const late = wall({
      signIn: async (_, __, options) => {
        options?.onStep?.('secret', 2, 5);
        return broken();
      },
    });
    await expect(late.signIn(pin, context)).rejects.toMatchObject({ code: 'PIN_UNCERTAIN' });
    expect(faults).toEqual(expect.arrayContaining(['create', 'signIn']));
  });

  it('ends an act that does not end', async () => {
    const card = wall({ look: () => new Promise(() => undefined) });
    const look = card.look();
    clock.advance(90_000);
    await expect(look).rejects.toMatchObject({ code: 'CARD_SLOW' });
  });

  it.each([
    ['look', 'CARD_SLOW', 'CARD_SLOW'],
    ['secret', 'CARD_SLOW', 'CARD_SLOW'],
    ['secret', 'PIN_UNCERTAIN', 'PIN_UNCERTAIN'],
    ['secret', 'nothing', 'PIN_UNCERTAIN'],
    ['look', 'nothing', 'CARD_SLOW'],
  ] as const)('tells a slow act at %s to stop before it is over (%s)', async (step, says, told) => {
    const time = new ManualClock();
    let stopped: number | undefined;
    const driver: Partial<CardReader> = {
      onHealth: () => () => undefined,
      signIn: (_, __, options) => {
        options?.onStep?.(step, 0, 5);
        return new Promise((_resolve, reject) => {
          options?.signal?.addEventListener('abort', () => {
            stopped = time.monotonic();
            if (says !== 'nothing') reject(cardError(says));
          });
        });
      },
    };
    const card = new ContainedCard(
      'pcsc:x',
      () => driver as CardReader,
      time,
      () => undefined,
    );
    const signing = card.signIn(pin, context).catch((error: unknown) => error);
    time.advance(84_999);
    expect(stopped).toBeUndefined();
    time.advance(1);
    expect(stopped).toBe(85_000);
    if (says === 'nothing') time.advance(5_000);
    expect(await signing).toMatchObject({ code: told });
    // Whose act it is may stop it too.
    const theirs = new AbortController();
    const again = card.signIn(pin, context, { signal: theirs.signal }).catch((error: unknown) => error);
    theirs.abort();
    time.advance(90_000);
    expect(await again).toMatchObject({ code: told });
    expect(stopped).toBe(says === 'nothing' ? 90_000 : 85_000);
  });

  it('is a limitation only where there should be a reader', () => {
    const { devices } = bench({});
    expect(deviceLimitations({ ...devices, card: wall('throws') })).toEqual(['card-unavailable']);
    expect(deviceLimitations({ ...devices, card: undefined })).toEqual([]);
  });

  it('is opened and reported where the configuration names a reader', async () => {
    const device = { onHealth: () => () => undefined, close: async () => undefined };
    const registry = new DeviceRegistry().register(
      'card',
      'fake',
      () => ({ ...device, health: () => health('ready') }) as never,
    );
    const config = testConfig();
    const devices = openDevices(
      { devices: { ...config.devices, card: 'fake+tcp://h:1' } },
      registry,
      clock,
      () => undefined,
    );
    expect(devices.reports().map(({ role, state }) => [role, state])).toContainEqual(['card', 'ready']);
    await devices.close();
  });
});

it('reports a reader on which a card was left as working, with something to do', () => {
  const report = (state: DeviceState) => ({
    role: 'card' as const,
    uri: 'fake+tcp://h:1',
    state,
    reasons: [],
    since: 0,
    counters: {},
  });
  expect(withCardLeft(report('ready'), true)).toMatchObject({ state: 'degraded', reasons: ['card-left'] });
  expect(withCardLeft(report('busy'), true).state).toBe('degraded');
  expect(withCardLeft(report('unavailable'), true).state).toBe('unavailable');
  expect(withCardLeft(report('ready'), false).state).toBe('ready');
  expect(
    deviceLimitations({ ...bench({}).devices, card: { health: () => health('degraded') } as never }),
  ).toEqual([]);
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
