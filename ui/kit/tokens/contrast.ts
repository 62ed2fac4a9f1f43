/** The colour roles that pairs are made of; the values are in tokens.css, a municipality may change some. */
export type Palette = Readonly<Record<string, string>>;

export interface Pair {
  readonly on: string;
  readonly of: string;
  /** Least ratio by the WCAG formula. */
  readonly least: number;
}

const text = (of: string, ...grounds: string[]): Pair[] => grounds.map((on) => ({ of, on, least: 4.5 }));
const shape = (of: string, ...grounds: string[]): Pair[] => grounds.map((on) => ({ of, on, least: 3 }));

/** Every pair that the components draw (screens.md 4): text 4.5, borders and focus 3. */
export const PAIRS: readonly Pair[] = [
  ...text('ink', 'paper', 'ground', 'ground2', 'primary-soft', 'warn-soft'),
  ...text('ink2', 'paper', 'ground', 'ground2', 'primary-soft'),
  ...text('primary', 'paper', 'ground', 'ground2', 'primary-soft'),
  ...text('on-primary', 'primary', 'primary-deep'),
  ...text('on-night', 'night', 'night2'),
  ...text('on-night2', 'night', 'night2'),
  ...text('on-amber', 'amber', 'amber-deep'),
  ...text('on-chosen', 'chosen'),
  ...text('ok', 'paper', 'ground', 'ok-soft'),
  ...text('warn', 'paper', 'ground', 'warn-soft'),
  ...text('bad', 'paper', 'ground', 'bad-soft'),
  ...text('paper', 'ok'),
  ...shape('edge', 'paper', 'ground'),
  ...shape('primary', 'ground'),
  ...shape('amber', 'night'),
];

/** The double ring is seen on any ground when one of its two colours reaches 3. */
const FOCUS_GROUNDS = ['paper', 'ground', 'ground2', 'night'] as const;

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours, 1 … 21. */
export function contrastRatio(one: string, other: string): number {
  const light = luminance(one);
  const dark = luminance(other);
  return (Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05);
}

export interface ThemeFault extends Pair {
  readonly ratio: number;
}

/** Pairs of a palette under their bound: a theme with any is rejected at load, with the whole list. */
export function themeFaults(palette: Palette, pairs: readonly Pair[] = PAIRS): readonly ThemeFault[] {
  const faults: ThemeFault[] = [];
  for (const pair of pairs) {
    const ratio = ratioOf(palette, pair.of, pair.on);
    if (!(ratio >= pair.least)) faults.push({ ...pair, ratio });
  }
  for (const on of FOCUS_GROUNDS) {
    const ratio = Math.max(ratioOf(palette, 'focus-in', on), ratioOf(palette, 'focus-out', on));
    if (!(ratio >= 3)) faults.push({ of: 'focus-out', on, least: 3, ratio });
  }
  return faults;
}

/** What a municipality may change: primary and night, each with its shades. */
export const TENANT_ROLES = [
  'primary',
  'primary-deep',
  'primary-soft',
  'primary-done',
  'night',
  'night2',
] as const;
export type TenantTheme = Readonly<Partial<Record<(typeof TENANT_ROLES)[number], string>>>;

/** The palette with the municipality's colours, or the faults that forbid it. */
export function withTenantTheme(
  standard: Palette,
  theme: TenantTheme,
):
  | { readonly ok: true; readonly palette: Palette }
  | { readonly ok: false; readonly faults: readonly ThemeFault[] } {
  const palette = { ...standard, ...theme };
  const faults = themeFaults(palette);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, palette };
}

/** Reads the `--role: #rrggbb` lines of one block of tokens.css. */
export function readPalette(css: string, selector: string): Palette {
  const start = css.indexOf(`${selector} {`);
  const block = start < 0 ? '' : css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6});/gi)].map(([, role, value]) => [role, value]),
  );
}

function ratioOf(palette: Palette, of: string, on: string): number {
  const front = palette[of];
  const back = palette[on];
  return front && back ? contrastRatio(front, back) : 0;
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  if (!/^#[0-9a-f]{6}$/i.test(hex)) return Number.NaN;
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
