import { type DeviceRegistry, overWeb } from '../../registry/index.ts';
import { posError } from '../errors.ts';
import { NexoTerminal } from './driver.ts';
import { type Dial, dialTo } from './line.ts';
import { sealFrom } from './seal.ts';
import { type NexoSettings, readSettings } from './settings.ts';

export * from './codec/index.ts';
export { NexoTerminal } from './driver.ts';
export type { Dial } from './line.ts';
export { type Seal, type SharedKey, sealWith } from './seal.ts';
export { chargeServiceId, reversalServiceId } from './service-id.ts';
export { type NexoSettings, readSettings } from './settings.ts';
export { shortReference } from './verdict.ts';

/** Registers `nexo+https://host:port/path?sale=…&poi=…` (docs/pos-nexo.md lists the settings); `nexo+http` on this computer only. */
export function registerNexo(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('pos', 'nexo', (device, context) => {
    const uri = overWeb(device);
    const settings = readSettings(uri);
    const seal = settings.keyFile === undefined ? undefined : sealFrom(settings.keyFile);
    return new NexoTerminal(uri.text, settings, context, { dial: dialOf(settings), seal });
  });
}

function dialOf(settings: NexoSettings): Dial {
  try {
    return dialTo(settings);
  } catch {
    throw posError('POS_SETTINGS_INVALID', { faults: `ca: ${settings.caFile} cannot be read` });
  }
}
