import { type FormField, localText } from '@jolly/contracts/service-catalogue';
import { inFours, type Words } from '@jolly/ui-kit/messages';

/** What is written and what still has to come, as the box of a question shows them. */
export interface Shown {
  readonly written: string;
  readonly rest: string;
}

const DATE = [2, 2, 4] as const;

/** An answer while it is written: digits of a date in their places, cents as money, codes as they are printed. */
export function shownWhileWritten(field: FormField, value: string, words: Words): Shown {
  switch (field.kind) {
    case 'date': {
      const places = [words.t('field.date-day'), words.t('field.date-month'), words.t('field.date-year')];
      let from = 0;
      const parts = DATE.map((length, at) => {
        const digits = value.slice(from, from + length);
        from += length;
        return { digits, rest: digits === '' ? (places[at] ?? '') : '_'.repeat(length - digits.length) };
      });
      const full = parts.filter(({ digits }) => digits !== '').length;
      const written = parts.slice(0, full).map(({ digits }) => digits);
      const open = parts[full - 1]?.rest ?? '';
      const after = parts.slice(full).map(({ rest }) => rest);
      return {
        written: written.join(' / '),
        rest: open + (full > 0 && after.length > 0 ? ' / ' : '') + after.join(' / '),
      };
    }
    case 'amount':
      return value === ''
        ? { written: '', rest: words.money(0) }
        : { written: words.money(Number(value)), rest: '' };
    case 'fiscal-code':
      return {
        written: value,
        rest: '_'.repeat(Math.max(0, (/^\d{2}/.test(value) ? 11 : 16) - value.length)),
      };
    case 'digits':
      return field.minLength === field.maxLength
        ? { written: value, rest: '_'.repeat(Math.max(0, field.maxLength - value.length)) }
        : { written: value, rest: '' };
    default:
      return { written: value, rest: '' };
  }
}

/** An answer that is written, as the review shows it. */
export function shownAnswer(field: FormField, value: string, words: Words): string {
  if (value === '') return '';
  switch (field.kind) {
    case 'amount':
      return words.money(Number(value));
    case 'date':
      return words.date(value.replace(/^(\d{2})(\d{2})(\d{4})$/, '$3-$2-$1'));
    case 'choice': {
      const chosen = field.choices?.find((choice) => choice.value === value);
      return chosen ? localText(chosen.label, words.language).text : value;
    }
    case 'digits':
      return value.length > 8 ? inFours(value) : value;
    default:
      return value;
  }
}
