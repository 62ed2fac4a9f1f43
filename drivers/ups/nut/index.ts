import { readFileSync } from 'node:fs';
import { type DeviceRegistry, deviceUriError, overWire } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { NutSupply } from './client.ts';
import { nutSettings } from './settings.ts';

export * from './client.ts';
export * from './codec.ts';
export * from './settings.ts';

const firstLine = (file: string): string => readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] ?? '';

/** `nut+tcp://host:3493/<ups>?user=…&password-file=/…&poll=5`. NUT has no serial face. */
export function registerUps(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('ups', 'nut', (device, context) => {
    const uri = overWire(device);
    if (uri.transport !== 'tcp') throw deviceUriError('DEVICE_URI_INVALID', { uri: uri.text });
    const settings = nutSettings(uri.path, uri.settings);
    return new NutSupply(uri.text, transportFor(uri, context), settings, context, firstLine);
  });
}
