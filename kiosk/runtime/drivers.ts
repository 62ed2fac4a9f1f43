import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import { DeviceRegistry } from '@jolly/drivers/registry';

/** Every driver this terminal can be built with. A new one is one line here. */
export function deviceRegistry(): DeviceRegistry {
  const registry = new DeviceRegistry();
  registerPos(registry);
  registerPrinter(registry);
  registerBarcode(registry);
  return registry;
}
