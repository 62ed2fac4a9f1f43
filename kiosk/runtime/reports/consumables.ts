import { join } from 'node:path';
import type { DeviceReport } from '@jolly/contracts/device-report';
import type { Reported } from '@jolly/contracts/fleet-link';
import { z } from 'zod';
import type { Log } from '../devices/index.ts';
import { DurableSlots } from '../durable-file/index.ts';

export const PAPER_FILE = 'paper-used';

/** Less than this is not worth a write. */
const STEP_MM = 1000;
const Kept = z.strictObject({ paperMm: z.number().min(0) });

/** What is used up, over all starts of the terminal: drivers count from their own start. */
export class Consumables {
  readonly #slots: DurableSlots;
  readonly #log: Log;
  #before: number;
  #keptMm: number;

  constructor(dataDir: string, log: Log) {
    this.#slots = new DurableSlots(join(dataDir, PAPER_FILE));
    this.#log = log;
    this.#before = this.#read();
    this.#keptMm = this.#before;
  }

  of(devices: readonly DeviceReport[]): Reported['consumables'] {
    const printer = devices.find(({ role }) => role === 'printer');
    const metres = printer?.counters.metres;
    if (!printer || metres === undefined) return [];
    const used = Math.round(this.#before + metres * 1000);
    if (used - this.#keptMm >= STEP_MM) this.#keep(used);
    return [
      {
        role: 'printer',
        name: 'paper-mm',
        ...(printer.state === 'out-of-paper' ? { left: 0 } : {}),
        used,
      },
    ];
  }

  #keep(paperMm: number): void {
    this.#keptMm = paperMm;
    try {
      this.#slots.write(JSON.stringify({ paperMm } satisfies z.infer<typeof Kept>));
    } catch (error) {
      this.#log('paper-not-kept', { why: error instanceof Error ? error.name : 'unknown' });
    }
  }

  #read(): number {
    const { text } = this.#slots;
    if (text === undefined) return 0;
    const kept = Kept.safeParse(JSON.parse(text));
    if (!kept.success) this.#log('paper-unreadable', {});
    return kept.success ? kept.data.paperMm : 0;
  }
}
