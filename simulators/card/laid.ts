import type { EmulatedCard } from './card.ts';
import type { Fault } from './faults.ts';
import { concat, fromHex, numberBytes } from './tlv.ts';

/** What comes back from a card lying on a reader: an answer (perhaps late), the card pulled away, or nothing at all. */
export type Reaction =
  | { readonly kind: 'answer'; readonly bytes: Uint8Array; readonly afterMs: number }
  | { readonly kind: 'removed' }
  | { readonly kind: 'silence' };

/** The faults meant for this reader; those that happen once are given back when they have happened. */
export interface FaultSource {
  pending(): readonly Fault[];
  spend(fault: Fault): void;
}

export const noFaults: FaultSource = { pending: () => [], spend: () => undefined };

const UNKNOWN_STATUS = 0x6fe1;
const silence: Reaction = { kind: 'silence' };

/** A card on a reader, with what goes wrong between the two. Counts the APDUs since it was laid. */
export class LaidCard {
  readonly card: EmulatedCard;
  readonly #faults: FaultSource;
  #apdus = 0;
  #powered = true;
  /** The card answers 61xx for ever, until another command than GET RESPONSE comes. */
  #endless = false;

  constructor(card: EmulatedCard, faults: FaultSource = noFaults) {
    this.card = card;
    this.#faults = faults;
    card.power(true);
  }

  get apdus(): number {
    return this.#apdus;
  }

  power(on: boolean): void {
    this.#powered = on;
    this.#endless = false;
    this.card.power(on);
  }

  /** Undefined while the card is mute: something lies there and says nothing. */
  atr(): Uint8Array | undefined {
    return this.#has('mute') ? undefined : this.card.atr;
  }

  #has(kind: Fault['kind']): boolean {
    return this.#faults.pending().some((fault) => fault.kind === kind);
  }

  /** The first fault of that kind that is due at this APDU. */
  #due<Kind extends Fault['kind']>(kind: Kind): Extract<Fault, { kind: Kind }> | undefined {
    return this.#faults
      .pending()
      .find(
        (fault): fault is Extract<Fault, { kind: Kind }> =>
          fault.kind === kind &&
          (!('apdu' in fault) || fault.apdu === undefined || fault.apdu === this.#apdus),
      );
  }

  respond(apdu: Uint8Array): Reaction {
    this.#apdus += 1;
    if (this.#has('mute') || !this.#powered) return silence;
    this.card.trouble.clone = this.#has('clone');
    this.card.trouble.badSod = this.#has('bad-sod');
    const afterMs = this.#due('slow')?.ms ?? 0;
    const answer = (bytes: Uint8Array): Reaction => ({ kind: 'answer', bytes, afterMs });

    const status = this.#due('unknown-status');
    if (status) {
      this.#faults.spend(status);
      return answer(numberBytes(status.sw ?? UNKNOWN_STATUS, 2));
    }
    const endless = this.#due('endless');
    if (endless) {
      this.#faults.spend(endless);
      this.#endless = true;
    } else if (apdu[1] !== 0xc0) this.#endless = false;
    if (this.#endless) return answer(concat(new Uint8Array(apdu[1] === 0xc0 ? 256 : 0), fromHex('6100')));

    // The card does what it was told, then it is gone: whether a try was counted cannot be seen from outside.
    const said = this.card.answer(apdu);
    const removal = this.#due('remove-at');
    if (removal) {
      this.#faults.spend(removal);
      this.power(false);
      return { kind: 'removed' };
    }
    return answer(this.#spoiled(said));
  }

  #spoiled(answer: Uint8Array): Uint8Array {
    const mac = this.#faults.pending().find((fault) => fault.kind === 'wrong-mac');
    if (mac?.kind === 'wrong-mac' && this.#apdus >= (mac.apdu ?? 0)) {
      const spoiled = wrongMac(answer);
      if (spoiled) {
        this.#faults.spend(mac);
        return spoiled;
      }
    }
    const lying = this.#due('lying-length');
    const stretched = lying && lyingLength(answer);
    if (!lying || !stretched) return answer;
    this.#faults.spend(lying);
    return stretched;
  }
}

/** The last byte of DO 8E turned over, when the answer ends with one. */
function wrongMac(answer: Uint8Array): Uint8Array | undefined {
  const at = answer.length - 12;
  if (at < 0 || answer[at] !== 0x8e || answer[at + 1] !== 0x08) return undefined;
  const spoiled = answer.slice();
  spoiled[answer.length - 3] = (spoiled[answer.length - 3] ?? 0) ^ 1;
  return spoiled;
}

/** First bytes of answers that are TLV: certificates, SODs, GET DATA, protected answers. */
const TLV_TAGS = [0x30, 0x31, 0x53, 0x60, 0x61, 0x62, 0x6b, 0x6f, 0x70, 0x75, 0x77, 0x7c, 0x85, 0x87, 0xa6];

/** The first object says that it is as long as its length field can say. */
function lyingLength(answer: Uint8Array): Uint8Array | undefined {
  const [tag = 0, length = 0] = answer;
  if (answer.length < 6 || !TLV_TAGS.includes(tag)) return undefined;
  const spoiled = answer.slice();
  if (length < 0x80) spoiled[1] = 0x7f;
  else spoiled.fill(0xff, 2, 2 + (length & 0x03));
  return spoiled;
}
