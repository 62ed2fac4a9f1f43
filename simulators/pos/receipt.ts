import type { ReceiptLine } from '@jolly/drivers/pos/ecr17';

const WIDTH = 24;
const line = (text: string, style: ReceiptLine['style'] = 'normal'): ReceiptLine => ({ style, text });
const centred = (text: string): ReceiptLine =>
  line((' '.repeat(Math.max(0, (WIDTH - text.length) >> 1)) + text).slice(0, WIDTH));
const pair = (name: string, value: string): ReceiptLine =>
  line(name + value.padStart(Math.max(1, WIDTH - name.length)));
const euro = (amountCents: number): string => {
  const digits = String(amountCents).padStart(3, '0');
  return `${digits.slice(0, -2)},${digits.slice(-2)}`;
};

export interface Slip {
  readonly title: string;
  readonly verdict: string;
  readonly terminalId: string;
  readonly amountCents: number;
  readonly at: Date;
  readonly rows: readonly (readonly [string, string])[];
}

const two = (value: number) => String(value).padStart(2, '0');

/**
 * The terminal's slip, in messages of at most 200 characters; times are those of the given wall clock (as if UTC).
 */
export function slip({ title, verdict, terminalId, amountCents, at, rows }: Slip): ReceiptLine[][] {
  const date = `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()}`;
  return [
    [
      centred(title),
      centred('POS SIMULATO'),
      line(''),
      pair('TML', terminalId),
      pair(date, `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`),
    ],
    [...rows.map(([name, value]) => pair(name, value)), line('')],
    [
      line(`EUR ${euro(amountCents)}`.padStart(WIDTH), 'doubleHeightBold'),
      line(''),
      centred(verdict),
      centred('NON VALIDO AI FINI'),
      centred('FISCALI'),
    ],
  ];
}
