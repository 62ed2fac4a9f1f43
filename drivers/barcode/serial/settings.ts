import { errorsOf } from '@jolly/contracts/values';
import { SUFFIXES, type Suffix } from './codec.ts';
import { PROFILES, type ProfileName } from './trigger.ts';

export const barcodeError = errorsOf({
  BARCODE_SETTING_INVALID: {
    cause: 'a setting of the barcode reader’s URI cannot be used',
    retry: 'no',
    cure: 'see docs/barcode.md for the settings and their values',
  },
  BARCODE_LINK_DOWN: {
    cause: 'the barcode reader is not connected',
    retry: 'later',
    message: 'device.barcode.unavailable',
    cure: 'check cable and power; for USB the reader must be in USB-COM mode, not keyboard mode',
  },
});

/** Settings of a serial reader, as the query of its URI gives them. */
export interface SerialBarcodeSettings {
  readonly suffix: Suffix;
  readonly profile: ProfileName;
  /** Silence that ends a message whose suffix did not come, 20–1000 ms. */
  readonly gap: number;
  /** The same code again within this many ms (0–10 000) is the same scan. */
  readonly repeat: number;
}

/**
 * Reads `suffix`, `profile`, `gap` and `repeat`; the other names are the link's. Throws `BARCODE_SETTING_INVALID` with
 * the full list of faults.
 */
export function serialBarcodeSettings(query: URLSearchParams): SerialBarcodeSettings {
  const faults: string[] = [];
  const oneOf = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const given = query.get(name) ?? fallback;
    const found = allowed.find((value) => value === given);
    if (found === undefined) faults.push(`${name}: one of ${allowed.join(', ')}`);
    return found ?? fallback;
  };
  const between = (name: string, lowest: number, highest: number, fallback: number): number => {
    const given = query.get(name) ?? String(fallback);
    const value = /^\d{1,6}$/.test(given) ? Number(given) : -1;
    if (value < lowest || value > highest) faults.push(`${name}: ${lowest} to ${highest} ms`);
    return value;
  };
  const settings = {
    suffix: oneOf('suffix', SUFFIXES, 'auto'),
    profile: oneOf('profile', PROFILES, 'none'),
    gap: between('gap', 20, 1000, 100),
    repeat: between('repeat', 0, 10_000, 1500),
  };
  if (faults.length > 0) throw barcodeError('BARCODE_SETTING_INVALID', { faults: faults.join('; ') });
  return settings;
}
