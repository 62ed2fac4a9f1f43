import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoDateOf, pricesOf, problemOf, readAnswers, subjectOf, withKey, withoutKey } from './answers.ts';
import { CatalogueEntry } from './entry.ts';
import { FieldKind, FormField } from './field.ts';

const field = (rest: object): FormField => FormField.parse({ id: 'one', label: { it: 'Uno' }, ...rest });
const type = (kind: FieldKind, keys: string, rest: object = {}) =>
  [...keys].reduce((written, key) => withKey(field({ kind, ...rest }), written, key), '');

const entry = (form: readonly object[], fees: readonly object[], rest: object = {}): CatalogueEntry =>
  CatalogueEntry.parse({
    id: 'pagamenti.prova',
    version: 1,
    status: 'active',
    title: { it: 'Prova' },
    archetype: 'servizi-a-pagamento',
    auth: { methods: [], minLoA: 'none' },
    form: form.map((one) => ({ label: { it: 'Campo' }, ...one })),
    fees: fees.map((fee) => ({
      kind: 'tariff',
      pay: 'pagopa.spontaneous',
      taxonomy: '9/0101100IM/',
      ...fee,
    })),
    workflow: { steps: ['form', 'review', 'pay'] },
    availability: { offlinePolicy: 'unavailable' },
    ...rest,
  });

describe('keys', () => {
  it('write what the field takes, and nothing else', () => {
    expect(type('digits', '12a 3')).toBe('123');
    expect(type('plate', 'ab-123 cd')).toBe('AB123CD');
    expect(type('name', "D'Agò 3")).toBe("D'Agò ");
    expect(type('amount', '001250')).toBe('1250');
    expect(type('text', ' via Roma 1')).toBe('via Roma 1');
    expect(type('fiscal-code', 'rssmra80a01h501u99')).toBe('RSSMRA80A01H501U');
    expect(type('choice', 'abc')).toBe('');
  });

  it('stop at the room there is, and erase whole characters', () => {
    expect(type('digits', '123456', { maxLength: 4 })).toBe('1234');
    expect(type('date', '211120269')).toBe('21112026');
    expect(withoutKey('via𝒳')).toBe('via');
    expect(withoutKey('')).toBe('');
  });

  it('never write what the rules would call a wrong character', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FieldKind.options.filter((kind) => kind !== 'choice')),
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }), { maxLength: 60 }),
        (kind, keys) => {
          const one = field({ kind, maxLength: 20 });
          const written = keys.reduce((text, key) => withKey(one, text, key), '');
          expect(problemOf(one, written)).not.toBe('characters');
        },
      ),
    );
  });
});

describe('an answer', () => {
  it.each([
    ['text', '   ', {}, 'empty'],
    ['digits', '12', { minLength: 3 }, 'too-short'],
    ['digits', '1x3', {}, 'characters'],
    ['fiscal-code', 'RSSMRA80A01H501U', {}, undefined],
    ['fiscal-code', 'RSSMRA80A01H501X', {}, 'check-letter'],
    ['fiscal-code', 'RSSMRA80A01', {}, 'too-short'],
    ['fiscal-code', '84006890481', {}, undefined],
    ['fiscal-code', '84006890482', {}, 'check-letter'],
    ['date', '29022024', {}, undefined],
    ['date', '29022026', {}, 'not-a-date'],
    ['date', '2902', {}, 'too-short'],
    ['amount', '0', {}, 'empty'],
    ['amount', '499', { minCents: 500 }, 'too-little'],
    ['amount', '50001', { maxCents: 50_000 }, 'too-much'],
    ['amount', '50000', { minCents: 500, maxCents: 50_000 }, undefined],
    ['choice', 'b', { choices: [{ value: 'a', label: { it: 'A' } }] }, 'characters'],
    ['choice', 'a', { choices: [{ value: 'a', label: { it: 'A' } }] }, undefined],
    ['text', '', { minLength: 0 }, undefined],
  ] as const)('%s %j %j is %s', (kind, written, rest, problem) => {
    expect(problemOf(field({ kind, ...rest }), written)).toBe(problem);
  });

  it('of a date is a day of the calendar', () => {
    expect(isoDateOf('21112026')).toBe('2026-11-21');
    expect(isoDateOf('31042026')).toBeUndefined();
    expect(isoDateOf('00002026')).toBeUndefined();
  });
});

describe('a form', () => {
  const zone = [
    { value: 'a', label: { it: 'Zona A' }, amountCents: 6_000 },
    { value: 'b', label: { it: 'Zona B' }, amountCents: 4_000 },
  ];
  const permit = entry(
    [
      { id: 'plate', kind: 'plate', minLength: 5, maxLength: 8 },
      { id: 'zone', kind: 'choice', choices: zone },
      { id: 'since', kind: 'date', minLength: 0 },
    ],
    [{}, { kind: 'rights', amountCents: 500 }],
    { subject: 'Permesso {zone}, targa {plate} dal {since}' },
  );

  it('gives the answers, what they cost fee by fee, and the words of the notice', () => {
    const answers = { plate: ' AB123CD ', zone: 'b', since: '01122026' };
    const read = readAnswers(permit, answers);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    expect(read.answers.plate).toBe('AB123CD');
    expect(read.amountCents).toBe(4_500);
    expect(pricesOf(permit, read.answers).map(({ amountCents }) => amountCents)).toEqual([4_000, 500]);
    expect(subjectOf(permit, read.answers)).toBe('Permesso Zona B, targa AB123CD dal 01/12/2026');
  });

  it('tells every fault at once, and what it never asked', () => {
    expect(readAnswers(permit, { plate: 'AB', zone: 'z', since: '32132026', other: 'x' })).toEqual({
      ok: false,
      faults: [
        { field: 'other', problem: 'unknown' },
        { field: 'plate', problem: 'too-short' },
        { field: 'zone', problem: 'characters' },
        { field: 'since', problem: 'not-a-date' },
      ],
    });
    expect(readAnswers(permit, {})).toMatchObject({
      ok: false,
      faults: [{ problem: 'empty' }, { problem: 'empty' }],
    });
  });

  it('costs what the citizen names, within 140 characters of subject', () => {
    const free = entry(
      [
        { id: 'gift', kind: 'amount', minCents: 100 },
        { id: 'why', kind: 'text', maxLength: 80 },
      ],
      [{}],
      {
        subject: `Donazione {why} {why} {why}`,
      },
    );
    expect(readAnswers(free, { gift: '2500', why: 'parco' })).toMatchObject({ ok: true, amountCents: 2_500 });
    expect(subjectOf(free, { why: 'x'.repeat(80) })).toHaveLength(140);
    // what an object inherits is no answer
    expect(readAnswers(free, Object.create({ gift: '2500', why: 'x' }))).toMatchObject({ ok: false });
  });
});
