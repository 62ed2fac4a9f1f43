import { type CardReaderSettings, ReaderDevice } from '../card/device/index.ts';
import { printerSettings } from '../printer/escpos/index.ts';
import { type DeviceRegistry, type DeviceUri, type DriverContext, overWeb } from '../registry/index.ts';
import { XfsBarcodeReader } from './barcode.ts';
import { XfsReaderStack } from './cards.ts';
import { XfsLights } from './lights.ts';
import { XfsPrinter } from './printer.ts';
import { XfsDoor, XfsPower, XfsPresence } from './sensors.ts';
import { type XfsAddress, xfsAddress } from './settings.ts';

/** Settings of the printer's language stand in the same query as the address's own. */
const PRINTER_SETTINGS = ['profile', 'width'];

/** `xfs4iot+wss://host:port/xfs4iot/v1.0/Service` for the roles printer, barcode, card, lights, presence, door and ups. */
export function registerXfs4Iot(registry: DeviceRegistry, card: CardReaderSettings = {}): DeviceRegistry {
  const make =
    <D>(build: (address: XfsAddress, context: DriverContext) => D) =>
    (uri: DeviceUri, context: DriverContext): D =>
      build(xfsAddress(uri), context);
  return registry
    .register('printer', 'xfs4iot', (uri, context) => {
      const { settings } = overWeb(uri);
      const own = new URLSearchParams([...settings].filter(([name]) => PRINTER_SETTINGS.includes(name)));
      const rest = new URLSearchParams([...settings].filter(([name]) => !PRINTER_SETTINGS.includes(name)));
      const { profile, columns } = printerSettings('tcp', own);
      return new XfsPrinter(xfsAddress({ ...overWeb(uri), settings: rest }), { profile, columns }, context);
    })
    .register(
      'barcode',
      'xfs4iot',
      make((address, context) => new XfsBarcodeReader(address, context)),
    )
    .register(
      'card',
      'xfs4iot',
      make((address, context) => new ReaderDevice(new XfsReaderStack(address, context), context, card)),
    )
    .register(
      'lights',
      'xfs4iot',
      make((address, context) => new XfsLights(address, context)),
    )
    .register(
      'presence',
      'xfs4iot',
      make((address, context) => new XfsPresence(address, context)),
    )
    .register(
      'door',
      'xfs4iot',
      make((address, context) => new XfsDoor(address, context)),
    )
    .register(
      'ups',
      'xfs4iot',
      make((address, context) => new XfsPower(address, context)),
    );
}
