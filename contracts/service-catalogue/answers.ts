import { fiscalCodeIsValid } from '../fiscal-code/index.ts';
import { creditorDigitsOk } from '../notice/index.ts';
import type { CatalogueEntry, Fee } from './entry.ts';
import type { FieldProblem, FormField } from './field.ts';

/**
 * The rules of answers, for terminal and server alike. An answer is text as the keys write it: capitals for codes and plates, the
 * digits `ddmmyyyy` of a date, whole cents of an amount, the value of a choice.
 */

/** Digits of the largest amount that a form takes, 999.999,99 €. */
const AMOUNT_DIGITS = 8;
const DATE_DIGITS = 8;
const PERSON_CODE = 16;
const BODY_CODE = 11;

const ONE_OF: Readonly<Record<Exclude<FormField['kind'], 'choice'>, RegExp>> = {
  text: /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]$/u,
  name: /^[\p{L}\p{M} '’-]$/u,
  digits: /^\d$/,
  'fiscal-code': /^[A-Z0-9]$/,
  plate: /^[A-Z0-9]$/,
  amount: /^\d$/,
  date: /^\d$/,
};

/** Whether its keys are those of the numeric pad. */
export const writtenInDigits = ({ kind }: Pick<FormField, 'kind'>): boolean =>
  kind === 'digits' || kind === 'amount' || kind === 'date';

/** How many characters a field takes. */
export function roomOf(field: FormField): number {
  switch (field.kind) {
    case 'amount':
      return AMOUNT_DIGITS;
    case 'date':
      return DATE_DIGITS;
    case 'fiscal-code':
      return PERSON_CODE;
    default:
      return field.maxLength;
  }
}

/** `written` after one more key; unchanged where the field does not take it or is full. */
export function withKey(field: FormField, written: string, key: string): string {
  if (field.kind === 'choice') return written;
  const capitals = field.kind === 'fiscal-code' || field.kind === 'plate';
  const one = (capitals ? key.toUpperCase() : key).normalize('NFC');
  const next = written + one;
  const fits = [...one].every((letter) => ONE_OF[field.kind as keyof typeof ONE_OF].test(letter));
  if (!fits || [...next].length > roomOf(field)) return written;
  // nothing begins with a space, and an amount with no nought
  if (written === '' && one === ' ') return written;
  return field.kind === 'amount' ? next.replace(/^0+(?=\d)/, '') : next;
}

/** `written` without its last character. */
export function withoutKey(written: string): string {
  return [...written].slice(0, -1).join('');
}

/** Why an answer cannot stay as it is; undefined when it can. */
export function problemOf(field: FormField, written: string): FieldProblem | undefined {
  const answer = written.trim();
  const length = [...answer].length;
  if (field.kind === 'choice') {
    if (answer === '') return field.minLength === 0 ? undefined : 'empty';
    return field.choices?.some(({ value }) => value === answer) ? undefined : 'characters';
  }
  if (answer === '') return field.minLength === 0 ? undefined : 'empty';
  const letters = ONE_OF[field.kind];
  if (length > roomOf(field) || ![...answer].every((letter) => letters.test(letter))) return 'characters';
  switch (field.kind) {
    case 'amount':
      return amountProblem(field, Number(answer));
    case 'date':
      return length < DATE_DIGITS ? 'too-short' : isoDateOf(answer) === undefined ? 'not-a-date' : undefined;
    case 'fiscal-code':
      return codeProblem(answer);
    default:
      return length < field.minLength ? 'too-short' : undefined;
  }
}

function amountProblem(field: FormField, cents: number): FieldProblem | undefined {
  if (cents === 0) return 'empty';
  if (cents < (field.minCents ?? 1)) return 'too-little';
  return field.maxCents !== undefined && cents > field.maxCents ? 'too-much' : undefined;
}

function codeProblem(code: string): FieldProblem | undefined {
  if (/^\d+$/.test(code)) {
    if (code.length < BODY_CODE) return 'too-short';
    return creditorDigitsOk(code) === true ? undefined : 'check-letter';
  }
  if (code.length < PERSON_CODE) return 'too-short';
  return fiscalCodeIsValid(code) ? undefined : 'check-letter';
}

/** The ISO date that `ddmmyyyy` writes; undefined for a day that is not in the calendar. */
export function isoDateOf(digits: string): string | undefined {
  const [, day, month, year] = /^(\d{2})(\d{2})(\d{4})$/.exec(digits) ?? [];
  if (day === undefined || month === undefined || year === undefined || year < '1900') return undefined;
  const iso = `${year}-${month}-${day}`;
  const at = Date.parse(`${iso}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(iso) ? iso : undefined;
}

export type Answers = Readonly<Record<string, string>>;

/** An answer, or the lack of one, that holds a form up. */
export interface AnswerFault {
  readonly field: string;
  /** `unknown`: the form does not ask it. */
  readonly problem: FieldProblem | 'unknown';
}

export type ReadAnswers =
  | { readonly ok: true; readonly answers: Answers; readonly amountCents: number }
  | { readonly ok: false; readonly faults: readonly AnswerFault[] };

/** Reads all answers of a form: every fault, or the answers without spaces around them and what they cost. */
export function readAnswers(entry: CatalogueEntry, answers: Answers): ReadAnswers {
  const faults: AnswerFault[] = Object.keys(answers)
    .filter((id) => !entry.form.some((field) => field.id === id))
    .map((field) => ({ field, problem: 'unknown' }));
  const read: Record<string, string> = {};
  for (const field of entry.form) {
    const written = (Object.hasOwn(answers, field.id) ? answers[field.id] : undefined) ?? '';
    const problem = problemOf(field, written);
    if (problem) faults.push({ field: field.id, problem });
    else if (written.trim() !== '') read[field.id] = written.trim();
  }
  if (faults.length > 0) return { ok: false, faults };
  const amountCents = pricesOf(entry, read).reduce((sum, { amountCents: cents }) => sum + cents, 0);
  if (amountCents === 0) return { ok: false, faults: [{ field: '', problem: 'empty' }] };
  return { ok: true, answers: read, amountCents };
}

/** A fee with what it costs with these answers. */
export interface Price {
  readonly fee: Fee;
  readonly amountCents: number;
}

/** What each fee of an entry costs: its own amount, or what the priced choice or the field of kind `amount` says. Nothing is left out. */
export function pricesOf(entry: CatalogueEntry, answers: Answers): readonly Price[] {
  return entry.fees.flatMap((fee) => {
    const amountCents = fee.amountCents ?? namedPrice(entry, answers);
    return amountCents > 0 ? [{ fee, amountCents }] : [];
  });
}

function namedPrice(entry: CatalogueEntry, answers: Answers): number {
  return entry.form.reduce((sum, field) => {
    const answer = answers[field.id] ?? '';
    if (field.kind === 'amount') return sum + (/^\d{1,8}$/.test(answer) ? Number(answer) : 0);
    return sum + (field.choices?.find(({ value }) => value === answer)?.amountCents ?? 0);
  }, 0);
}

/** Names in `{…}` of a subject. */
export const placesOf = (subject: string): readonly string[] =>
  [...subject.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);

/** What the notice says it is for, at most 140 characters: the entry's subject with answers in their places, else its Italian title. */
export function subjectOf(entry: CatalogueEntry, answers: Answers): string {
  const words = (entry.subject ?? entry.title.it).replaceAll(/\{([^{}]*)\}/g, (_all, name: string) => {
    const field = entry.form.find(({ id }) => id === name);
    const answer = answers[name] ?? '';
    if (field?.kind === 'date') return answer.replace(/^(\d{2})(\d{2})(\d{4})$/, '$1/$2/$3');
    return field?.choices?.find(({ value }) => value === answer)?.label.it ?? answer;
  });
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, 140);
}
