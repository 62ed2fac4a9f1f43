import { describe, expect, it } from 'vitest';
import { DeviceRegistry, parseDeviceUri } from './index.ts';

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
    expect(parseDeviceUri(text)).toMatchObject({ text, protocol: 'pcsc', transport: 'pcsc', path });
  });

  it.each(['pcsc', 'pcsc:%', 'pcsc:%00', `pcsc:${'x'.repeat(129)}`, 'vpcd+tcp://127.0.0.1', 'x'])(
    'refuses %s by name',
    (text) => {
      expect(() => parseDeviceUri(text)).toThrow(expect.objectContaining({ code: 'DEVICE_URI_INVALID' }));
    },
  );

  it('reaches no other device over PC/SC', () => {
    const registry = new DeviceRegistry();
    const context = {
      clock: { now: () => 0, monotonic: () => 0, after: () => () => undefined },
      log: () => undefined,
    };
    expect(() => registry.create('printer', 'pcsc:x', context)).toThrow(
      expect.objectContaining({ code: 'DEVICE_URI_UNKNOWN' }),
    );
    expect(() =>
      registry.register('printer', 'pcsc', () => {
        throw new Error('never made');
      }),
    ).toThrow(RangeError);
  });
});
