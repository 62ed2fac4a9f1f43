import { type DeviceRegistry, onThisComputer, overWire } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { EvdevKeypad } from './evdev-keypad.ts';
import { LineKeypad } from './line-keypad.ts';

/** `keypad+tcp://…`, `keypad+serial://…`, `evdev-keypad:/dev/input/by-id/…`. */
export function registerKeypad(registry: DeviceRegistry): DeviceRegistry {
  return registry
    .register('keypad', 'keypad', (device, context) => {
      const uri = overWire(device);
      return new LineKeypad(uri.text, transportFor(uri, context), uri.settings, context.clock);
    })
    .register('keypad', 'evdev-keypad', (device, { clock }) => {
      const uri = onThisComputer(device);
      return new EvdevKeypad(uri.text, uri.path, uri.settings, clock);
    });
}
