import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { Ecr17Terminal, readSettings } from '@jolly/drivers/pos/ecr17';
import { memoryWire } from '@jolly/drivers/transport';
import { SimulatedTerminal, TerminalMemory } from '@jolly/simulators/pos';
import type { Wire } from '@jolly/simulators/process';
import type { Power } from './power.ts';

/** Where on the wire the power goes: after so many bytes towards the terminal, or from it. */
export interface ByteCut {
  readonly direction: 'written' | 'read';
  readonly byte: number;
}

/** The simulated terminal on the other end of a wire in memory, and the real driver on this one. */
export class Ecr17Bench {
  readonly memory = new TerminalMemory();
  readonly simulated: SimulatedTerminal;
  /** Bytes of the present life of the kiosk, both ways. */
  counts = { written: 0, read: 0 };
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.simulated = new SimulatedTerminal(this.memory, {
      terminalId: '12345678',
      lrc: 'std',
      delayMs: 10,
      cardTimeoutMs: 5_000,
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
    const settings = readSettings(new URLSearchParams('lrc=std&terminal=12345678&probe=0'));
    const driver = new Ecr17Terminal('memory:', transport, settings, context);
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
