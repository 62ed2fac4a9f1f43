import { type DeviceRegistry, onThisComputer } from '../../registry/index.ts';
import { HidPosReader } from './driver.ts';
import { nodeHid } from './node-hid.ts';
import { hidPosSettings } from './settings.ts';
import type { HidTransport } from './transport.ts';

/** `hid-pos:` any reader, `hid-pos:0c2e:0b61`, `hid-pos:0c2e:0b61:SERIAL`. */
export function registerHidPos(registry: DeviceRegistry, transport: HidTransport = nodeHid): DeviceRegistry {
  return registry.register('barcode', 'hid-pos', (device, context) => {
    const uri = onThisComputer(device);
    return new HidPosReader(uri.text, transport, hidPosSettings(uri), context);
  });
}
