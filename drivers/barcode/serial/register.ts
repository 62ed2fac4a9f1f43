import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { serialBarcodeMask } from './codec-mask.ts';
import { SerialBarcodeReader } from './driver.ts';
import { serialBarcodeSettings } from './settings.ts';

/** `serial-barcode+tcp://host:port?suffix=crlf`, `serial-barcode+serial:///dev/…?baud=9600&profile=honeywell`. */
export function registerBarcode(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('barcode', 'serial-barcode', (device, context) => {
    const uri = overWire(device);
    const settings = serialBarcodeSettings(uri.settings);
    return new SerialBarcodeReader(
      uri.text,
      transportFor(uri, context, { mask: serialBarcodeMask(settings) }),
      settings,
      context,
    );
  });
}
