import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { readSettings, ZvtTerminal } from '@jolly/drivers/pos/zvt';
import { memoryWire } from '@jolly/drivers/transport';
import { SimulatedZvtTerminal, ZvtMemory } from '@jolly/simulators/pos-zvt';
import type { Wire } from '@jolly/simulators/process';
import type { ByteCut } from './ecr17.ts';
import type { Power } from './power.ts';

/** The simulated terminal on the other end of a wire in memory, and the real driver on this one. */
export class ZvtBench {
  readonly memory = new ZvtMemory();
  readonly simulated: SimulatedZvtTerminal;
  /** Bytes of the present life of the kiosk, both ways. */
  counts = { written: 0, read: 0 };
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.simulated = new SimulatedZvtTerminal(this.memory, {
      terminalId: '29001006',
      delayMs: 10,
      cardTimeoutMs: 5_000,
      answerMs: 5_000,
      echoes: false,
      closeBetween: false,
      serial: false,
      clock,
    });
  }

  /** The driver of one life of the kiosk, on a fresh connection. */
  terminal(power: Power): CardTerminal {
    this.counts = { written: 0, read: 0 };
    const cut = this.cut;
    this.cut = undefined;
    const context = { clock: this.#clock, log: () => undefined };
    const { transport, peer } = memoryWire({ ...context, random: () => 0 });
    let alive = true;
    const wire: Wire = {
      write: (bytes) => {
        if (!alive) return;
        const part = this.#pass('read', bytes, cut);
        peer.send(part);
        // The last byte still reaches the process; a moment later there is no process.
        if (part.length < bytes.length || this.#reached('read', cut)) setImmediate(() => power.cut());
      },
      end: () => hangUp('end'),
      reset: () => hangUp('reset'),
    };
    let greeted = false;
    const hangUp = (reason: string) => {
      greeted = false;
      peer.cut(reason);
    };
    peer.onData((bytes) => {
      if (!alive) return;
      if (!greeted) this.simulated.connected(wire);
      greeted = true;
      const part = this.#pass('written', bytes, cut);
      if (part.length > 0) this.simulated.data(wire, part);
      if (part.length < bytes.length || this.#reached('written', cut)) power.cut();
    });
    const settings = readSettings(new URLSearchParams('probe=0&settle=0'));
    const driver = new ZvtTerminal('memory:', transport, settings, { serial: false }, context);
    power.whenCut(() => {
      alive = false;
      peer.cut('reset', { stay: true });
      this.simulated.disconnected(wire);
      void driver.close();
    });
    return driver;
  }

  #reached(direction: ByteCut['direction'], cut: ByteCut | undefined): boolean {
    return cut?.direction === direction && this.counts[direction] >= cut.byte;
  }

  #pass(direction: ByteCut['direction'], bytes: Uint8Array, cut: ByteCut | undefined): Uint8Array {
    const room = cut?.direction === direction ? Math.max(0, cut.byte - this.counts[direction]) : bytes.length;
    const part = bytes.subarray(0, room);
    this.counts[direction] += part.length;
    return part;
  }
}
