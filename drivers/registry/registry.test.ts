import { describe, expect, it } from 'vitest';
import { DeviceRegistry, onThisComputer, overWeb, overWire, parseDeviceUri } from './index.ts';

describe('device URIs', () => {
  it('takes a wire apart', () => {
    expect(parseDeviceUri('ecr17+tcp://192.168.1.40:10000?lrc=std')).toMatchObject({
      protocol: 'ecr17',
      transport: 'tcp',
      host: '192.168.1.40',
      port: 10_000,
    });
    expect(parseDeviceUri('escpos+serial:///dev/ttyUSB0?baud=9600')).toMatchObject({
      transport: 'serial',
      path: '/dev/ttyUSB0',
    });
  });

  it('takes the slots of a virtual card reader apart', () => {
    const uri = parseDeviceUri('vpcd+tcp://127.0.0.1:40963?also=40964');
    expect(uri).toMatchObject({ protocol: 'vpcd', transport: 'tcp', host: '127.0.0.1', port: 40_963 });
    expect(uri.settings.get('also')).toBe('40964');
  });

  it.each([
    ['pcsc:', ''],
    ['pcsc:ACR122', 'ACR122'],
    ['pcsc:ACS%20ACR1252%20Dual', 'ACS ACR1252 Dual'],
    ['pcsc:Virtual PCD', 'Virtual PCD'],
    ['pcsc:50%25+x?y=z', '50%+x?y=z'],
  ])('%s names a PC/SC reader', (text, path) => {
    expect(parseDeviceUri(text)).toMatchObject({ text, protocol: 'pcsc', transport: 'local', path });
  });

  it.each(['pcsc', 'pcsc:%', 'pcsc:%00', `pcsc:${'x'.repeat(129)}`, 'vpcd+tcp://127.0.0.1', 'x'])(
    'refuses %s by name',
    (text) => {
      expect(() => parseDeviceUri(text)).toThrow(expect.objectContaining({ code: 'DEVICE_URI_INVALID' }));
    },
  );

  it('takes an address of the web apart', () => {
    const uri = parseDeviceUri('xfs4iot+ws://kiosk:5846/xfs4iot/v1.0/Printer1?lights=no');
    expect(uri).toMatchObject({ protocol: 'xfs4iot', transport: 'ws' });
    expect(overWeb(uri).url.href).toBe('ws://kiosk:5846/xfs4iot/v1.0/Printer1');
    expect(uri.settings.get('lights')).toBe('no');
  });

  it('takes a device of this computer apart', () => {
    expect(parseDeviceUri('hid-pos:0c2e:0b61')).toMatchObject({ transport: 'local', path: '0c2e:0b61' });
    const contact = parseDeviceUri('gpio:gpiochip0/17?active=low');
    expect(contact).toMatchObject({ protocol: 'gpio', path: 'gpiochip0/17' });
    expect(contact.settings.get('active')).toBe('low');
  });

  it('gives a driver only an address of its kind', () => {
    const wrong = expect.objectContaining({ code: 'DEVICE_URI_INVALID' });
    expect(() => overWire(parseDeviceUri('hid-pos:'))).toThrow(wrong);
    expect(() => overWeb(parseDeviceUri('ecr17+tcp://h:1'))).toThrow(wrong);
    expect(() => onThisComputer(parseDeviceUri('nexo+https://h/nexo'))).toThrow(wrong);
  });

  it('makes nothing for a role that no driver serves', () => {
    const registry = new DeviceRegistry();
    const context = {
      clock: { now: () => 0, monotonic: () => 0, after: () => () => undefined },
      log: () => undefined,
    };
    expect(() => registry.create('printer', 'pcsc:x', context)).toThrow(
      expect.objectContaining({ code: 'DEVICE_URI_UNKNOWN' }),
    );
  });
});
