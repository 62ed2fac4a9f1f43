import type { Device } from '../health/index.ts';

/** The screen's power (other-devices.md): off by schedule or when nobody is near, on before anybody can notice. */
export interface Display extends Device {
  readonly power: 'on' | 'off' | 'unknown';
  /** Resolves once the screen was told; rejects with `DISPLAY_REFUSED` when it cannot be told. */
  turn(power: 'on' | 'off'): Promise<void>;
}
