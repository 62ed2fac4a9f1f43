import type { ManualClock } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import type { FleetClient } from '@jolly/kiosk-runtime/fleet-link';
import type { Evidence } from '../invariant.ts';
import type { FakeFleet } from './fleet.ts';
import type { Power } from './power.ts';

/**
 * Where on the wire the power goes: after so many bytes towards the terminal, or from it. Where there are no bytes of ours on a wire
 * of its own (the gateway), after so many questions, or answers.
 */
export interface ByteCut {
  readonly direction: 'written' | 'read';
  readonly byte: number;
}

/** The bank's side, which outlives the kiosk: it makes the driver of each life and keeps the ledger. */
export interface PosBench {
  terminal(power: Power, fleet: FleetClient): CardTerminal;
  readonly memory: { readonly ledger: Evidence['pos'] };
}

/** How the card goes, in words that every protocol has. */
export type WireMood = 'approve' | 'decline' | 'lost-charged' | 'lost-not-charged';

/** A simulated terminal on the other end of a wire that can be cut, with the real driver on this one. */
export interface WireBench extends PosBench {
  /** Of the present life of the kiosk, both ways. */
  readonly counts: { written: number; read: number };
  /** For the next life. */
  cut: ByteCut | undefined;
  /** For the next payment. */
  arm(mood: WireMood): void;
}

export type MakeBench = (clock: ManualClock, fleet: FakeFleet) => WireBench;

/** Counts what passes in one life, and cuts where it is told to. */
export class Shears {
  readonly counts = { written: 0, read: 0 };
  readonly #cut: ByteCut | undefined;

  constructor(cut: ByteCut | undefined) {
    this.#cut = cut;
  }

  reached(direction: ByteCut['direction']): boolean {
    return this.#cut?.direction === direction && this.counts[direction] >= this.#cut.byte;
  }

  /** The part of the bytes that still goes through. */
  pass(direction: ByteCut['direction'], bytes: Uint8Array): Uint8Array {
    const room =
      this.#cut?.direction === direction
        ? Math.max(0, this.#cut.byte - this.counts[direction])
        : bytes.length;
    const part = bytes.subarray(0, room);
    this.counts[direction] += part.length;
    return part;
  }
}
