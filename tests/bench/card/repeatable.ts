import { createHash } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import type { FillRandom } from '../../../drivers/card/cie/index.ts';
import type { EmulatedCard } from '../../../simulators/card/index.ts';

/** Bytes that look random and are the same after each `begin`. For a bench only. */
export class RepeatableBytes {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  begin(): void {
    this.#count = 0;
  }

  readonly fill: FillRandom = (into) => {
    for (let at = 0; at < into.length; at += 32) {
      const block = createHash('sha256')
        .update(`${this.#seed} ${this.#count++}`)
        .digest();
      into.set(block.subarray(0, into.length - at), at);
    }
  };

  readonly random: RandomBytes = (length) => {
    const bytes = new Uint8Array(length);
    this.fill(bytes);
    return bytes;
  };
}

/** The card, its random bytes begun anew at each power-up: the same commands get the same answers, for the same work. */
export function repeatableCard(card: EmulatedCard, bytes: RepeatableBytes): EmulatedCard {
  return {
    kind: card.kind,
    atr: card.atr,
    pin: card.pin,
    puk: card.puk,
    trouble: card.trouble,
    power: (on) => {
      bytes.begin();
      card.power(on);
    },
    answer: (apdu) => card.answer(apdu),
  };
}
