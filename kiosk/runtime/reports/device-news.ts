import type { DeviceReport } from '@jolly/contracts/device-report';
import type { EntryData } from '@jolly/contracts/fleet-link';

/** A reason as the server keeps it: a word. */
const wordOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60) || 'unknown';

/** States between which a device that works goes to and fro. */
const calm = (state: DeviceReport['state']): string => (state === 'busy' ? 'ready' : state);

/** An entry for each device whose state or reasons are not what they were. */
export class DeviceNews {
  readonly #add: (entry: EntryData) => void;
  readonly #known = new Map<string, string>();

  constructor(add: (entry: EntryData) => void) {
    this.#add = add;
  }

  look(devices: readonly DeviceReport[]): void {
    for (const { role, state, reasons } of devices) {
      const now = { role, state: calm(state), reasons: reasons.map(wordOf).slice(0, 20) };
      const text = JSON.stringify(now);
      if (this.#known.get(role) === text) continue;
      this.#known.set(role, text);
      if (state !== 'starting') this.#add({ kind: 'device', ...now });
    }
  }
}
