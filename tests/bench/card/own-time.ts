import type { Transmitter } from '../../../drivers/card/apdu/index.ts';
import type { EmulatedCard } from '../../../simulators/card/index.ts';
import type { CardAct, CardOnBench } from './acts.ts';

/** What one act cost: what went over to the card and came back, and the driver's own share of processor and time, in ms. */
export interface Cost {
  readonly apdus: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Some APDU went beyond the short form. */
  readonly extended: boolean;
  readonly cpu: number;
  readonly time: number;
}

/** Processor time of this process so far, ms: user and system together, which Linux counts to the microsecond. */
function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The emulated card in this process, every answer of it taken off: its processor time and its time are counted while it works, so that the
 * rest is the driver's. What the garbage collector does later for the card is on the driver's account.
 */
class CountedCard implements Transmitter {
  readonly #card: EmulatedCard;
  apdus = 0;
  bytesSent = 0;
  bytesReceived = 0;
  extended = false;
  cpu = 0;
  time = 0;

  constructor(card: EmulatedCard) {
    this.#card = card;
  }

  async transmit(apdu: Uint8Array): Promise<Uint8Array> {
    const time = performance.now();
    const cpu = cpuNow();
    this.apdus += 1;
    this.bytesSent += apdu.length;
    if (apdu.length > 5 && apdu[4] === 0) this.extended = true;
    const answer = Uint8Array.from(this.#card.answer(Uint8Array.from(apdu)));
    this.bytesReceived += answer.length;
    this.cpu += cpuNow() - cpu;
    this.time += performance.now() - time;
    return answer;
  }
}

/** Does the act once on a fresh card. */
export async function costOf(act: CardAct, on: CardOnBench): Promise<Cost> {
  on.card.power(true);
  const counted = new CountedCard(on.card);
  const time = performance.now();
  const cpu = cpuNow();
  await act.run(on, counted);
  const ownCpu = cpuNow() - cpu - counted.cpu;
  const ownTime = performance.now() - time - counted.time;
  on.card.power(false);
  const { apdus, bytesSent, bytesReceived, extended } = counted;
  return { apdus, bytesSent, bytesReceived, extended, cpu: ownCpu, time: ownTime };
}
