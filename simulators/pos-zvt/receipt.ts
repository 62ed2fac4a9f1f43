import type { PrintedLine } from '@jolly/drivers/pos/zvt';

const WIDTH = 24;
const CENTRED = 0x40;

export interface Slip {
  readonly title: string;
  readonly verdict: string;
  readonly terminalId: string;
  readonly amountCents: number;
  readonly at: Date;
  readonly rows: readonly (readonly [string, string])[];
}

const two = (value: number) => String(value).padStart(2, '0');
const plain = (text: string): PrintedLine => ({ attribute: 0, text });
const centred = (text: string): PrintedLine => ({ attribute: CENTRED, text });
const pair = (name: string, value: string): PrintedLine =>
  plain(name + value.padStart(Math.max(1, WIDTH - name.length)));
const euro = (amountCents: number): string =>
  `${Math.floor(amountCents / 100)},${String(amountCents % 100).padStart(2, '0')}`;

/** The terminal's slip; times are those of the given wall clock (as if UTC). */
export function slip({ title, verdict, terminalId, amountCents, at, rows }: Slip): readonly PrintedLine[] {
  const date = `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`;
  return [
    centred(title),
    centred('POS SIMULATO'),
    plain(''),
    pair('Terminal-ID', terminalId),
    pair(date, `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`),
    ...rows.map(([name, value]) => pair(name, value)),
    plain(''),
    pair('EUR', euro(amountCents)),
    plain(''),
    centred(verdict),
  ];
}
