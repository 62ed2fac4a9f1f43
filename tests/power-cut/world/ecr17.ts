import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { Ecr17Terminal, readSettings } from '@jolly/drivers/pos/ecr17';
import { SimulatedTerminal, TerminalMemory } from '@jolly/simulators/pos';
import { driverOnWire } from './byte-wire.ts';
import type { Power } from './power.ts';
import { type ByteCut, Shears, type WireBench, type WireMood } from './wire.ts';

/** The simulated terminal on the other end of a wire in memory, and the real driver on this one. */
export class Ecr17Bench implements WireBench {
  readonly memory = new TerminalMemory();
  readonly simulated: SimulatedTerminal;
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;
  #shears = new Shears(undefined);

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

  get counts() {
    return this.#shears.counts;
  }

  arm(mood: WireMood): void {
    if (mood === 'decline')
      this.simulated.act({ action: 'decline', reason: 'FONDI INSUFFICIENTI', on: 'payment', times: 1 });
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
    const settings = readSettings(new URLSearchParams('lrc=std&terminal=12345678&probe=0&settle=0'));
    return driverOnWire(
      { clock: this.#clock, shears, power },
      this.simulated,
      (transport, context) => new Ecr17Terminal('memory:', transport, settings, context),
    );
  }
}
