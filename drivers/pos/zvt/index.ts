import { type DeviceRegistry, overWire, shownUri } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { zvtMask } from './codec/index.ts';
import { ZvtTerminal } from './driver.ts';
import { readSettings } from './settings.ts';

export { fromWallClock, toWallClock } from '../wall-clock.ts';
export * from './codec/index.ts';
export { ZvtTerminal } from './driver.ts';
export { readSettings, type ZvtSettings } from './settings.ts';

/** Serial lines of ZVT have two stop bits (pos.md 2). */
function serialDefaults(settings: URLSearchParams): URLSearchParams {
  const complete = new URLSearchParams(settings);
  if (!complete.has('stop')) complete.set('stop', '2');
  return complete;
}

/**
 * Registers `zvt+tcp://host:20007?…` and `zvt+serial:///dev/…?…` (docs/pos-zvt.md lists the settings). The kiosk opens and closes
 * TCP, and terminals may hang up between transactions, so the link there opens on demand.
 */
export function registerZvt(registry: DeviceRegistry): DeviceRegistry {
  return registry.register('pos', 'zvt', (device, context) => {
    const uri = overWire(device);
    const settings = readSettings(uri.settings);
    const serial = uri.transport === 'serial';
    // The terminal's password stands in its URI: logs and reports are told it without.
    const text = shownUri(uri.text);
    const wire = { ...uri, text, settings: serial ? serialDefaults(uri.settings) : uri.settings };
    const transport = transportFor(wire, context, { onDemand: !serial, mask: zvtMask(serial) });
    return new ZvtTerminal(text, transport, settings, { serial }, context);
  });
}
