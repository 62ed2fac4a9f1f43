import type { Wire } from '../process/index.ts';

/** What a connection that waits its turn may have sent. */
const MAX_HELD = 64 * 1024;

/**
 * A printer on TCP 9100 serves one connection at a time: the others are open, but nobody listens until those before
 * them are gone.
 */
export class Connections {
  readonly #deliver: (wire: Wire, bytes: Uint8Array) => void;
  #waiting: { readonly wire: Wire; held: Uint8Array[]; size: number }[] = [];

  constructor(deliver: (wire: Wire, bytes: Uint8Array) => void) {
    this.#deliver = deliver;
  }

  get active(): Wire | undefined {
    return this.#waiting[0]?.wire;
  }

  add(wire: Wire): void {
    this.#waiting.push({ wire, held: [], size: 0 });
  }

  data(wire: Wire, bytes: Uint8Array): void {
    if (this.active === wire) {
      this.#deliver(wire, bytes);
      return;
    }
    const entry = this.#waiting.find((candidate) => candidate.wire === wire);
    if (!entry) return;
    entry.size += bytes.length;
    if (entry.size > MAX_HELD) wire.reset();
    else entry.held.push(Uint8Array.from(bytes));
  }

  remove(wire: Wire): void {
    const wasActive = this.active === wire;
    this.#waiting = this.#waiting.filter((entry) => entry.wire !== wire);
    const next = this.#waiting[0];
    if (!wasActive || !next) return;
    const held = next.held;
    next.held = [];
    for (const bytes of held) this.#deliver(next.wire, bytes);
  }
}
