import { z } from 'zod';

const apdu = z.int().min(1).max(100_000);

/** What can go wrong with a card. `apdu` counts since the card was laid, from 1. */
export const Fault = z.discriminatedUnion('kind', [
  /** The card is pulled away after it has got that APDU and before its answer is out. */
  z.strictObject({ kind: z.literal('remove-at'), apdu }),
  /** The MAC of the first protected answer from there on is wrong. */
  z.strictObject({ kind: z.literal('wrong-mac'), apdu: apdu.optional() }),
  /** The card does nothing and says so with a word nobody knows. */
  z.strictObject({
    kind: z.literal('unknown-status'),
    apdu,
    sw: z.int().min(0x6100).max(0x9fff).optional(),
  }),
  z.strictObject({ kind: z.literal('slow'), ms: z.int().min(0).max(60_000) }),
  /** The card does not own the private keys of its public ones. */
  z.strictObject({ kind: z.literal('clone') }),
  z.strictObject({ kind: z.literal('bad-sod') }),
  /** Something lies there and says nothing: two cards in the field do that. */
  z.strictObject({ kind: z.literal('mute') }),
  /** 61xx for ever. */
  z.strictObject({ kind: z.literal('endless') }),
  /** The next answer that is TLV claims more bytes than there are. */
  z.strictObject({ kind: z.literal('lying-length') }),
]);
export type Fault = z.infer<typeof Fault>;

/** Stay until they are cleared; the others happen once. */
const LASTING: readonly Fault['kind'][] = ['slow', 'clone', 'bad-sod', 'mute'];

export interface SetFault {
  readonly fault: Fault;
  /** Undefined: whichever reader it happens on first. */
  readonly reader: number | undefined;
}

/** The faults that were asked for. */
export class FaultList {
  #set: readonly SetFault[] = [];

  get all(): readonly SetFault[] {
    return this.#set;
  }

  /** A lasting one replaces one of its kind. */
  add(fault: Fault, reader?: number): void {
    const kept = this.#set.filter(
      (one) => !(LASTING.includes(fault.kind) && one.fault.kind === fault.kind && one.reader === reader),
    );
    this.#set = [...kept, { fault, reader }];
  }

  clear(): void {
    this.#set = [];
  }

  /** What is meant for one reader. */
  of(reader: number) {
    return {
      pending: () =>
        this.#set.filter((one) => one.reader === undefined || one.reader === reader).map((one) => one.fault),
      spend: (fault: Fault) => {
        if (LASTING.includes(fault.kind)) return;
        this.#set = this.#set.filter((one) => one.fault !== fault);
      },
    };
  }
}
