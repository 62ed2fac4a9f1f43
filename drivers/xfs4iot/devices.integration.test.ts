import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { type LoginContext, loginText } from '@jolly/contracts/citizen-login';
import type { PaperDocument } from '@jolly/contracts/receipt';
import { SecretDigits, systemClock } from '@jolly/contracts/values';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCards, type EmulatedCard } from '../../simulators/card/index.ts';
import { type Started, startProcess } from '../../simulators/process/index.ts';
import type { XfsReady } from '../../simulators/xfs4iot/index.ts';
import { sharedData } from '../../tests/shared-data/index.ts';
import type { Scan } from '../barcode/index.ts';
import type { Device } from '../health/index.ts';
import { type DeviceKinds, DeviceRegistry, type DeviceRole } from '../registry/index.ts';
import { registerXfs4Iot } from './index.ts';

const MAIN = createRequire(import.meta.url).resolve('../../simulators/xfs4iot/main.ts');
const schema = sharedData('devices', 'xfs4iot', 'schema-2021-01.json');
const published = sharedData('devices', 'xfs4iot.json');

interface Schema {
  readonly allOf: readonly { readonly if: object }[];
}
/** A judge of messages of 1.0 with these names: the published schema without the rules of all the others, which take seconds. */
function judge(names: ReadonlySet<unknown>) {
  const whole = JSON.parse(readFileSync(schema ?? '', 'utf8')) as Schema;
  const ours = whole.allOf.filter((rule) => {
    const { name } = (rule.if as { properties: { header: { properties: { name?: { const: string } } } } })
      .properties.header.properties;
    return name === undefined || names.has(name.const);
  });
  return new Ajv2020({ strict: false, validateFormats: false }).compile({ ...whole, allOf: ours });
}

it.skipIf(schema === undefined || published === undefined)(
  'the published schema tells the published messages apart',
  () => {
    const { v1 } = JSON.parse(readFileSync(published ?? '', 'utf8')) as {
      v1: { valid: boolean; m: unknown }[];
    };
    const validate = judge(new Set(['BarcodeReader.Read']));
    for (const { valid, m } of v1) expect(validate(m)).toBe(valid);
  },
);
const slip: PaperDocument = {
  kind: 'test-page',
  blocks: [{ block: 'text', text: 'RICEVUTA DI PROVA' }],
};

const until = async (what: string, held: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 8_000;
  while (!(await held())) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
};

/** A card put into the simulated reader, at the wire that emulated cards speak. */
function put(card: EmulatedCard, address: string): Socket {
  const [host, port] = address.split(':');
  const socket = connect({ host: host ?? '', port: Number(port), noDelay: true });
  let waiting = Buffer.alloc(0);
  const send = (body: Uint8Array) =>
    socket.write(Uint8Array.of(body.length >> 8, body.length & 0xff, ...body));
  card.power(true);
  socket.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      const body = Uint8Array.from(waiting.subarray(2, end));
      waiting = waiting.subarray(end);
      if (body.length > 1) send(card.answer(body));
      else if (body[0] === 4) send(card.atr);
      else card.power(true);
    }
  });
  return socket;
}

/** Made once: their keys take a while. */
let cards: ReturnType<typeof createCards> | undefined;

describe.each(['1.0', '2.0', '3.0'])('a cabinet that speaks %s', (version) => {
  let cabinet: Started<XfsReady>;
  const open: Device[] = [];
  const logs: unknown[] = [];
  beforeAll(async () => {
    cabinet = await startProcess<XfsReady>(MAIN, ['--version', version, '--frames']);
  });
  afterAll(async () => {
    await Promise.all(open.map((device) => device.close()));
    await cabinet.stop();
  });

  const act = async (action: object): Promise<void> => {
    const answer = await fetch(`${cabinet.ready.control}/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const state = async (): Promise<
    Record<string, unknown> & { frames: string[]; slips: string[]; clients: Record<string, number> }
  > => ((await (await fetch(`${cabinet.ready.control}/state`)).json()) as { device: never }).device;
  const context = { clock: systemClock, log: (...entry: unknown[]) => void logs.push(entry) };
  async function device<Role extends DeviceRole>(role: Role, service: string): Promise<DeviceKinds[Role]> {
    const uri = `xfs4iot+${cabinet.ready.address}${service}`;
    const made = registerXfs4Iot(new DeviceRegistry()).create(role, uri, context);
    open.push(made);
    await until(`${role} up`, () => made.health().state !== 'starting');
    return made;
  }

  it('prints, says when the slip is presented and taken, and names what is wrong', async () => {
    const printer = await device('printer', 'ReceiptPrinter');
    expect(await printer.print(slip)).toEqual({ result: 'printed' });
    expect((await state()).slips[0]).toContain('RICEVUTA DI PROVA');
    await until('presented', () => printer.paper().ticketInMouth);
    await act({ action: 'take' });
    await until('taken', () => !printer.paper().ticketInMouth);
    expect(printer.health().counters).toMatchObject({ printed: 1, presented: 1, taken: 1 });
    await act({ action: 'paper', paper: 'low' });
    await until('low', () => printer.health().reasons.includes('paper-low'));
    await act({ action: 'paper', paper: 'out' });
    await until('out', () => printer.health().state === 'out-of-paper');
    expect(await printer.print(slip)).toEqual({ result: 'failed', reason: 'paper-out' });
    await act({ action: 'paper', paper: 'full' });
    await act({ action: 'jam', jammed: true });
    expect(await printer.print(slip)).toEqual({ result: 'failed', reason: 'jam' });
    expect(await printer.look()).toMatchObject({ jam: true });
    await act({ action: 'jam', jammed: false });
    await act({ action: 'device', service: 'ReceiptPrinter', device: 'offline' });
    await until('offline', () => printer.health().state === 'unavailable');
    expect(printer.health().reasons).toEqual(['offline']);
    expect(await printer.print(slip)).toEqual({ result: 'failed', reason: 'offline' });
    await act({ action: 'device', service: 'ReceiptPrinter', device: 'online' });
    for (const [fault, result] of [
      ['hardwareError', { result: 'unknown', reason: 'hardware-error' }],
      ['timeOut', { result: 'unknown', reason: 'time-out' }],
      ['canceled', { result: 'unknown', reason: 'canceled' }],
      ['refuse', { result: 'failed', reason: 'link' }],
      ['close', { result: 'unknown', reason: 'link-lost' }],
    ] as const) {
      await until('up', () => ['ready', 'degraded'].includes(printer.health().state));
      await act({ action: 'fault', fault, command: 'Printer.PrintNative' });
      expect(await printer.print(slip)).toEqual(result);
    }
    await until('up again', () => printer.health().state === 'ready');
    await act({ action: 'fault', fault: 'slow', command: 'Printer.PrintNative', ms: 60 });
    await act({ action: 'fault', fault: 'nonsense', command: 'Printer.PrintNative' });
    expect(await Promise.all([printer.print(slip), printer.print(slip)])).toEqual([
      { result: 'printed' },
      { result: 'printed' },
    ]);
    expect(await printer.selfTest()).toMatchObject([
      { name: 'service', ok: true },
      { name: 'status', ok: true },
    ]);
  });

  it('comes back by itself after its services were closed', async () => {
    const printer = await device('printer', 'ReceiptPrinter');
    const seen: string[] = [];
    printer.onHealth(({ state: now }) => seen.push(now));
    await act({ action: 'closing' });
    await until('gone and back', () => seen.includes('unavailable') && seen.at(-1) === 'ready');
  });

  it('reads codes only while somebody listens, and cancels the reading', async () => {
    const reader = await device('barcode', '');
    await until('ready', () => reader.health().state === 'ready');
    const scans: Scan[] = [];
    expect((await state()).reading).toBe(false);
    const stop = reader.listen((scan) => scans.push(scan));
    await until('reading', async () => (await state()).reading === true);
    await act({ action: 'scan', text: 'PAGOPA|002|302001234567890123|00399050584|1250' });
    await until('scanned', () => scans.length === 1);
    await until('reading again', async () => (await state()).reading === true);
    await act({ action: 'scan', text: 'RSSMRA80A01H501U', symbology: 'code39' });
    await until('scanned', () => scans.length === 2);
    expect(scans).toMatchObject([
      { text: 'PAGOPA|002|302001234567890123|00399050584|1250', aim: ']Q1' },
      { text: 'RSSMRA80A01H501U', aim: ']A0' },
    ]);
    stop();
    await until('cancelled', async () => (await state()).reading === false);
    expect(JSON.stringify(logs)).not.toContain('RSSMRA');
  });

  it('sets lights it has, and no others', async () => {
    const lights = await device('lights', 'Lights');
    await until('names', () => lights.names.length > 0);
    expect(lights.names).toEqual([
      'cardReader',
      'contactless',
      'payment',
      'barcode',
      'receiptPrinter',
      'scanner',
      'status',
    ]);
    await lights.set('payment', { rate: 'slow', colour: 'blue' });
    await lights.set('headset', { rate: 'slow', colour: 'blue' });
    const look = { flashRate: 'slow', color: 'blue' };
    expect((await state()).lights).toEqual({
      pinPad: version === '1.0' ? { position: 'center', ...look } : { center: look },
    });
    await act({ action: 'fault', fault: 'hardwareError', command: 'Lights.SetLight' });
    await expect(lights.set('status', { rate: 'continuous', colour: 'green' })).rejects.toMatchObject({
      code: 'XFS_REFUSED',
    });
  });

  it('tells of presence, door and power', async () => {
    const [presence, door, ups] = await Promise.all([
      device('presence', 'Auxiliaries'),
      device('door', 'Auxiliaries'),
      device('ups', 'Auxiliaries'),
    ]);
    await until('first status', () => presence.presence === 'absent' && door.door === 'closed');
    expect(ups.reading.power).toBe('unknown');
    await act({ action: 'sensor', sensor: 'proximitySensorState', value: 'present' });
    await act({ action: 'sensor', sensor: 'cabinetFrontDoorState', value: 'tampered' });
    await act({ action: 'ups', low: true, engaged: true, powering: true, recovered: false });
    await until(
      'told',
      () => presence.presence === 'present' && door.door === 'open' && ups.reading.power === 'low',
    );
    await act({ action: 'sensor', sensor: 'cabinetFrontDoorState', value: 'locked' });
    await until('shut', () => door.door === 'closed');
  });

  it('reads an identity card as over any reader: PIN inside the protected channel, removal noticed', async () => {
    cards ??= createCards();
    const card = await (await cards).card('giulia');
    const reader = await device('card', 'CardReader');
    await until('empty', () => reader.presence().state === 'none');
    let inside = put(card, cabinet.ready.chip);
    await until('card', () => reader.presence().state === 'one');
    expect(await reader.look()).toMatchObject({ kind: 'cie' });
    const login: LoginContext = {
      ...{ tenantId: 'comune-di-prova', terminalId: 'totem-1', nonce: 'A'.repeat(43), at: 1_795_000_000_000 },
      sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
    };
    const pin = new SecretDigits(8);
    for (const digit of '27182818') pin.push(Number(digit));
    const proof = await reader.signIn(pin, login);
    expect(proof.kind).toBe('cie-pin');
    expect(loginText(login).length).toBeGreaterThan(0);
    expect((await state()).frames.join()).not.toContain(
      Buffer.from('27182818').toString('base64').slice(0, 8),
    );
    inside.destroy();
    await until('removed', () => reader.presence().state === 'none');
    inside = put(card, cabinet.ready.chip);
    await until('card again', () => reader.presence().state === 'one');
    await act({ action: 'fault', fault: 'hardwareError', command: 'CardReader.ChipIO', times: 1 });
    await expect(reader.look()).rejects.toMatchObject({ code: 'READER_LOST' });
    inside.destroy();
  });

  it.skipIf(schema === undefined)('was sent nothing but messages of its version', async () => {
    const { frames } = await state();
    const messages = frames.map(
      (text) => JSON.parse(text) as { header: Record<string, unknown>; payload?: Record<string, unknown> },
    );
    const names = new Set(messages.map(({ header }) => header.name));
    for (const name of [
      'ServicePublisher.GetServices',
      'Common.Capabilities',
      'Common.Status',
      'Common.Cancel',
      'Printer.PrintNative',
      'BarcodeReader.Read',
      'CardReader.ReadRawData',
      'CardReader.ChipPower',
      'CardReader.ChipIO',
      'Lights.SetLight',
      'Auxiliaries.Register',
    ])
      expect(names).toContain(name);
    const validate = judge(names);
    const first = messages.filter(({ header }) => header.version === '1.0');
    const later = messages.filter(({ header }) => header.version !== '1.0');
    // until a service has said what it speaks it is asked in either form
    if (version === '1.0')
      expect(
        later.every(
          ({ header }) =>
            header.name === 'Common.Capabilities' || header.name === 'ServicePublisher.GetServices',
        ),
      ).toBe(true);
    else expect(first).toEqual([]);
    for (const message of first) expect(validate(message), JSON.stringify(message).slice(0, 200)).toBe(true);
    for (const { header, payload = {} } of later) {
      expect(Object.keys(header).sort()).toEqual(['name', 'requestId', 'timeout', 'type', 'version']);
      expect(header).toMatchObject({
        type: 'command',
        timeout: expect.any(Number),
        requestId: expect.any(Number),
      });
      expect(Object.keys(payload)).not.toContain('timeout');
    }
  });
});
