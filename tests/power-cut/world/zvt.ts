import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { readSettings, ZvtTerminal } from '@jolly/drivers/pos/zvt';
import { memoryWire } from '@jolly/drivers/transport';
import { SimulatedZvtTerminal, ZvtMemory } from '@jolly/simulators/pos-zvt';
import type { Wire } from '@jolly/simulators/process';
import type { Power } from './power.ts';
import { type ByteCut, Shears, type WireBench, type WireMood } from './wire.ts';

/** The simulated ZVT terminal on the other end of a wire in memory, and the real driver on this one. */
export class ZvtBench implements WireBench {
  readonly memory = new ZvtMemory();
  readonly simulated: SimulatedZvtTerminal;
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;
  #shears = new Shears(undefined);

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

  get counts() {
    return this.#shears.counts;
  }

  arm(mood: WireMood): void {
    if (mood === 'decline')
      this.simulated.act({ action: 'decline', reason: 'KARTE ABGELEHNT', code: 5, on: 'payment', times: 1 });
    else if (mood !== 'approve')
      this.simulated.act({
        action: 'lost-answer',
        charged: mood === 'lost-charged',
        on: 'payment',
        times: 1,
      });
  }

  /** The driver of one life of the kiosk, on a fresh connection. */
  terminal(power: Power): CardTerminal {
    const shears = new Shears(this.cut);
    this.cut = undefined;
    this.#shears = shears;
    const context = { clock: this.#clock, log: () => undefined };
    const { transport, peer } = memoryWire({ ...context, random: () => 0 });
    let alive = true;
    const wire: Wire = {
      write: (bytes) => {
        if (!alive) return;
        const part = shears.pass('read', bytes);
        peer.send(part);
        // The last byte still reaches the process; a moment later there is no process.
        if (part.length < bytes.length || shears.reached('read')) setImmediate(() => power.cut());
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
      const part = shears.pass('written', bytes);
      if (part.length > 0) this.simulated.data(wire, part);
      if (part.length < bytes.length || shears.reached('written')) power.cut();
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
}
