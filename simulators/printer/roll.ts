import { drawPaper, type PaperRow, textOf } from '@jolly/contracts/receipt';

/** A piece of paper that left the printer. */
export interface Slip {
  readonly id: string;
  /** When its first row was printed, epoch ms. */
  readonly startedAt: number;
  /** When it was cut, epoch ms. */
  readonly at: number;
  readonly cut: 'full' | 'partial' | 'torn';
  readonly rows: readonly PaperRow[];
}

const FULL_ROLL_CM = 5_000;
const LOW_CM = 300;
/** Slips remembered; older ones are forgotten. */
const KEPT = 50;
/** A metre has 8000 dots. */
const DOTS_PER_CM = 80;

/** The roll in the printer, the paper hanging from it, and the slips that came out. */
export class Roll {
  #dotsLeft = FULL_ROLL_CM * DOTS_PER_CM;
  #rows: PaperRow[] = [];
  #slips: Slip[] = [];
  #made = 0;
  #startedAt: number | undefined;
  #linesLeft: number | undefined;

  get cmLeft(): number {
    return Math.floor(this.#dotsLeft / DOTS_PER_CM);
  }
  get low(): boolean {
    return this.cmLeft < LOW_CM;
  }
  get out(): boolean {
    return this.#dotsLeft <= 0;
  }
  get slips(): readonly Slip[] {
    return this.#slips;
  }
  /** Rows printed and not cut yet. */
  get hanging(): number {
    return this.#rows.length;
  }

  print(at: number, row: PaperRow): void {
    this.#startedAt ??= at;
    this.#rows.push(row);
    this.#dotsLeft = Math.max(0, this.#dotsLeft - Math.max(1, row.advance));
    if (this.#linesLeft === undefined || row.row !== 'text') return;
    this.#linesLeft--;
    if (this.#linesLeft <= 0) this.end();
  }

  cut(at: number, cut: Slip['cut']): Slip | undefined {
    const rows = this.#rows;
    const startedAt = this.#startedAt ?? at;
    this.#rows = [];
    this.#startedAt = undefined;
    if (rows.every((row) => row.row === 'feed')) return undefined;
    const slip: Slip = { id: String(++this.#made), startedAt, at, cut, rows };
    this.#slips = [...this.#slips, slip].slice(-KEPT);
    return slip;
  }

  end(): void {
    this.#dotsLeft = 0;
    this.#linesLeft = undefined;
  }

  nearEnd(): void {
    this.#dotsLeft = (LOW_CM - 1) * DOTS_PER_CM;
  }

  endAfter(lines: number): void {
    if (lines === 0) this.end();
    else this.#linesLeft = lines;
  }

  load(at: number): void {
    this.cut(at, 'torn');
    this.#dotsLeft = FULL_ROLL_CM * DOTS_PER_CM;
    this.#linesLeft = undefined;
  }

  clear(): void {
    this.#rows = [];
    this.#startedAt = undefined;
    this.#slips = [];
    this.load(0);
  }
}

export const slipText = (slip: Slip) => textOf(slip.rows);

export const slipSvg = (slip: Slip, columns: number) =>
  drawPaper(slip.rows, { columns, title: `Scontrino ${slip.id}` });
