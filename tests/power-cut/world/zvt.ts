import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import { readSettings, ZvtTerminal } from '@jolly/drivers/pos/zvt';
import { SimulatedZvtTerminal, ZvtMemory } from '@jolly/simulators/pos-zvt';
import { driverOnWire } from './byte-wire.ts';
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
    const settings = readSettings(new URLSearchParams('probe=0&settle=0'));
    return driverOnWire(
      { clock: this.#clock, shears, power },
      this.simulated,
      (transport, context) => new ZvtTerminal('memory:', transport, settings, { serial: false }, context),
    );
  }
}
