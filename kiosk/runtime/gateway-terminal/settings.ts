import { type DeviceUri, onThisComputer } from '@jolly/drivers/registry';
import { fail } from '../errors.ts';

/** Settings of a terminal that the gateway drives, from its URI (docs/pos-gateway.md). */
export interface GatewaySettings {
  /** The gateway's name of the terminal. */
  readonly posTerminalId: string;
  /** How long the citizen may take, card and PIN; the gateway has its own, shorter limit. */
  readonly waitMs: number;
  /**
   * So long after a charge began, "the gateway knows of none" is not believed yet: longer than the server may take to open
   * a session at the gateway (its connect and verify times, 30 s unless set otherwise).
   */
  readonly settleMs: number;
  /** Between two questions. */
  readonly pollMs: number;
}

/** Reads `pagopa-gateway:<posTerminalId>?wait=…`. Throws `CONFIG_INVALID` and names every fault. */
export function readSettings(device: DeviceUri): GatewaySettings {
  const { path, settings } = onThisComputer(device);
  const faults: string[] = [];
  if (!/^[\w.-]{1,20}$/.test(path))
    faults.push('address: pagopa-gateway:<terminal id of 1 to 20 letters and digits>');
  const seconds = (name: string, fallback: number, least: number, most: number): number => {
    const given = settings.get(name) ?? String(fallback);
    const value = /^\d{1,5}(\.\d{1,3})?$/.test(given) ? Number(given) : Number.NaN;
    if (!(value >= least && value <= most)) faults.push(`${name}: seconds, ${least} to ${most}`);
    return value * 1_000;
  };
  const read = {
    posTerminalId: path,
    waitMs: seconds('wait', 300, 1, 900),
    settleMs: seconds('settle', 45, 0, 600),
    pollMs: seconds('poll', 1, 0.02, 30),
  };
  if (faults.length > 0) throw fail('CONFIG_INVALID', { faults: `devices.pos: ${faults.join('; ')}` });
  return read;
}
