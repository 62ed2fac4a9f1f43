import { errorsOf } from '@jolly/contracts/values';
import type { DeviceRegistry } from '../../registry/index.ts';

export const keyboardError = errorsOf({
  BARCODE_KEYBOARD_REFUSED: {
    cause:
      'a reader that types like a keyboard is not used: it loses the kind of code, and its letters change with the layout',
    retry: 'no',
    message: 'device.barcode.unavailable',
    cure: 'read the configuration code "USB HID POS" of the reader’s manual with it and write hid-pos:, or "USB-COM" and write serial-barcode+serial://',
  },
});

/** What people write for such a reader. */
const NAMES = ['wedge', 'keyboard', 'keyboard-wedge'] as const;

/** Refuses `wedge:` and its like with the cure, where another unknown protocol would only be unknown. */
export function refuseKeyboards(registry: DeviceRegistry): DeviceRegistry {
  for (const name of NAMES) {
    registry.register('barcode', name, (uri) => {
      throw keyboardError('BARCODE_KEYBOARD_REFUSED', { uri: uri.text });
    });
  }
  return registry;
}
