import { registerBarcode } from '@jolly/drivers/barcode/serial';
import { registerCabinet } from '@jolly/drivers/cabinet';
import { registerPos } from '@jolly/drivers/pos/ecr17';
import { registerNexo } from '@jolly/drivers/pos/nexo';
import { registerZvt } from '@jolly/drivers/pos/zvt';
import { registerPrinter } from '@jolly/drivers/printer/escpos';
import type { DeviceRegistry } from '@jolly/drivers/registry';
import { registerXfs4Iot } from '@jolly/drivers/xfs4iot';

/** Drivers whose wires can be recorded. A reader of citizens' cards is not among them and never will be: its wire carries PINs. */
export function wireDrivers(registry: DeviceRegistry): DeviceRegistry {
  registerPos(registry);
  registerZvt(registry);
  registerNexo(registry);
  registerXfs4Iot(registry);
  registerPrinter(registry);
  registerBarcode(registry);
  return registerCabinet(registry);
}
