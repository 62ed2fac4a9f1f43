import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import { outcomesOnly, transportFor } from '../../transport/index.ts';
import { escposMask } from './codec/index.ts';
import { EscposPrinter } from './driver.ts';
import { printerSettings } from './settings.ts';

export * from './codec/index.ts';
export { EscposPrinter } from './driver.ts';
export { type PrinterSettings, printerSettings } from './settings.ts';

/** Adds `escpos+tcp://` and `escpos+serial://` printers to a registry. */
export function registerPrinter(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('printer', 'escpos', (device, context) => {
    const uri = overWire(device);
    const settings = printerSettings(uri.transport, uri.settings);
    const wire = settings.link === 'held' ? context : outcomesOnly(context);
    // A wrong baud rate is told now, not at the first connection.
    const options = { mask: escposMask(settings.profile.fullStatus) };
    const first = transportFor(uri, wire, options);
    let unused: typeof first | undefined = first;
    const make = () => {
      const transport = unused ?? transportFor(uri, wire, options);
      unused = undefined;
      return transport;
    };
    return new EscposPrinter(uri.text, settings, make, context);
  });
}
