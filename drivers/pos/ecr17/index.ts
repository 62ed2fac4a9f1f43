import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { ecr17Mask } from './codec/index.ts';
import { Ecr17Terminal } from './driver.ts';
import { readSettings } from './settings.ts';

export { posError } from '../errors.ts';
export { maskPan } from '../masked-pan.ts';
export { fromWallClock, toWallClock } from '../wall-clock.ts';
export * from './codec/index.ts';
export { Ecr17Terminal } from './driver.ts';
export { hostInstant } from './evidence.ts';
export { type Ecr17Settings, readSettings } from './settings.ts';

/**
 * Registers `ecr17+tcp://host:port?…` and `ecr17+serial:///dev/…?…` (docs/pos.md lists the settings). Terminals hang up
 * between transactions on TCP, so the link there opens on demand.
 */
export function registerPos(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('pos', 'ecr17', (device, context) => {
    const uri = overWire(device);
    const settings = readSettings(uri.settings);
    const transport = transportFor(uri, context, {
      onDemand: uri.transport === 'tcp',
      mask: ecr17Mask,
    });
    return new Ecr17Terminal(uri.text, transport, settings, context);
  });
}
