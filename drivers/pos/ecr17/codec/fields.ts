/**
 * Layouts as data: a message is a run of fields of fixed width, read and written by the same table.
 * `n` digits as text · `x` text as it stands · `left`/`right` text aligned so, padded with blanks · `cents` whole cents ·
 * `flag` 0 or 1 · `fill` zeros that mean nothing.
 */
export type Field =
  | {
      readonly kind: 'n' | 'x' | 'left' | 'right' | 'cents' | 'flag';
      readonly name: string;
      readonly length: number;
    }
  | { readonly kind: 'fill'; readonly length: number; readonly text: string };

export type Layout = readonly Field[];

type Value<F> = F extends { kind: 'cents' } ? number | null : F extends { kind: 'flag' } ? boolean : string;

/** The object a layout reads. An amount that is not digits is null: the rest of the answer still counts. */
export type FieldsOf<L extends Layout> = {
  readonly [F in Exclude<L[number], { kind: 'fill' }> as F['name']]: Value<F>;
};

export const n = <const N extends string>(name: N, length: number) => ({ kind: 'n', name, length }) as const;
export const x = <const N extends string>(name: N, length: number) => ({ kind: 'x', name, length }) as const;
export const left = <const N extends string>(name: N, length: number) =>
  ({ kind: 'left', name, length }) as const;
export const right = <const N extends string>(name: N, length: number) =>
  ({ kind: 'right', name, length }) as const;
export const amount = <const N extends string>(name: N, length: number) =>
  ({ kind: 'cents', name, length }) as const;
export const flag = <const N extends string>(name: N) => ({ kind: 'flag', name, length: 1 }) as const;
export const zeros = (length: number) => ({ kind: 'fill', length, text: '0'.repeat(length) }) as const;

export const widthOf = (layout: Layout): number => layout.reduce((sum, field) => sum + field.length, 0);

export type Values = Record<string, string | number | boolean | null>;

/** Reads the fields from `at` (0-based) on; the caller has checked that the text is long enough. */
export function readFields(text: string, at: number, layout: Layout): Values {
  const values: Values = {};
  let position = at;
  for (const field of layout) {
    const raw = text.slice(position, position + field.length);
    position += field.length;
    if (field.kind === 'fill') continue;
    values[field.name] = readValue(field.kind, raw);
  }
  return values;
}

function readValue(kind: Exclude<Field['kind'], 'fill'>, raw: string): string | number | boolean | null {
  switch (kind) {
    case 'cents':
      return /^\d+$/.test(raw) ? Number(raw) : null;
    case 'flag':
      return raw === '1';
    case 'left':
      return raw.trimEnd();
    case 'right':
      return raw.trimStart();
    case 'n':
    case 'x':
      return raw;
  }
}

/** Writes the fields one after another; undefined names the first that does not fit. */
export function writeFields(
  values: Readonly<Record<string, unknown>>,
  layout: Layout,
): { readonly text: string } | { readonly misfit: string } {
  let text = '';
  for (const field of layout) {
    if (field.kind === 'fill') {
      text += field.text;
      continue;
    }
    const written = writeValue(field.kind, values[field.name], field.length);
    if (written.length !== field.length || !/^[\x20-\x7f]*$/.test(written)) return { misfit: field.name };
    text += written;
  }
  return { text };
}

function writeValue(kind: Exclude<Field['kind'], 'fill'>, value: unknown, length: number): string {
  switch (kind) {
    case 'cents':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? String(value).padStart(length, '0')
        : ' '.repeat(length);
    case 'flag':
      return value === true ? '1' : '0';
    case 'left':
      return String(value ?? '').padEnd(length);
    case 'right':
      return String(value ?? '').padStart(length);
    case 'n':
      return String(value ?? '').padStart(length, '0');
    case 'x':
      return String(value ?? '').padEnd(length);
  }
}
