import type { Answers, CatalogueEntry, FormField } from '@jolly/contracts/service-catalogue';
import type { NewPosition } from './port.ts';

/** How a debtor is written whom the form does not ask for: a fine by its number, a gift. */
const UNNAMED = 'ANONIMO';

/** Who owes, from the answers: the field that the citizen's login would fill, else the first of that kind. */
export function debtorOf(entry: CatalogueEntry, answers: Answers): NewPosition['debtor'] {
  const answer = (wanted: (field: FormField) => boolean): string | undefined => {
    const field = entry.form.find((one) => wanted(one) && answers[one.id] !== undefined);
    return field && answers[field.id];
  };
  const taxCode =
    answer(({ prefill }) => prefill === 'citizen.fiscalCode') ??
    answer(({ kind }) => kind === 'fiscal-code') ??
    UNNAMED;
  const name =
    answer(({ prefill }) => prefill === 'citizen.fullName') ??
    [
      answer(({ prefill }) => prefill === 'citizen.givenName'),
      answer(({ prefill }) => prefill === 'citizen.familyName'),
    ]
      .filter((part) => part !== undefined)
      .join(' ');
  // a name beside an unknown code would be a person whom nobody can tell from another
  if (taxCode === UNNAMED) return { kind: 'person', taxCode, name: UNNAMED };
  return {
    kind: /^\d{11}$/.test(taxCode) ? 'body' : 'person',
    taxCode,
    name: (name || taxCode).slice(0, 70),
  };
}
