import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../devices/index.ts';
import { DurableSlots } from '../durable-file/index.ts';

export const MODE_FILE = 'service-mode';

const State = z.strictObject({
  mode: z.enum(['in-service', 'out-of-service', 'locked']),
  /** Shown under "out of service", where staff gave one. */
  message: z.string().max(200).optional(),
});
export type ServiceModeState = z.infer<typeof State>;
export type OrderedMode = ServiceModeState['mode'];

const IN_SERVICE: ServiceModeState = { mode: 'in-service' };

/** What was ordered last. Written in place: staff can put a terminal out of service also when its disk is full. */
export class ServiceModeStore {
  readonly #slots: DurableSlots;
  readonly #log: Log;
  readonly #listeners = new Set<() => void>();
  #state: ServiceModeState;

  constructor(dataDir: string, log: Log) {
    this.#slots = new DurableSlots(join(dataDir, MODE_FILE));
    this.#log = log;
    this.#state = this.#read();
  }

  get state(): ServiceModeState {
    return this.#state;
  }

  /** Throws the system's error when it cannot be kept: then nothing has changed. */
  setMode(mode: OrderedMode, message?: string): void {
    const state = State.parse({ mode, ...(message === undefined ? {} : { message }) });
    this.#slots.write(JSON.stringify(state));
    this.#state = state;
    this.#log('service-mode', { mode });
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #read(): ServiceModeState {
    const { text } = this.#slots;
    if (text === undefined) return IN_SERVICE;
    try {
      return State.parse(JSON.parse(text));
    } catch (error) {
      this.#log('service-mode-unreadable', { why: error instanceof Error ? error.name : 'unknown' });
      return IN_SERVICE;
    }
  }
}
