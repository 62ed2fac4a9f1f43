import type { Fault } from '@jolly/contracts/fleet-api';
import { CatalogueEntry, type FormField, placesOf } from '@jolly/contracts/service-catalogue';
import { z } from 'zod';

/** A tenant's file: `{ "entries": [ … ] }`. */
const CatalogueFile = z.object({ entries: z.array(z.unknown()).max(200) });

export type Checked =
  | { readonly ok: true; readonly entries: readonly CatalogueEntry[] }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads a catalogue: its entries, or every fault of every entry with the place where it is. */
export function checkCatalogue(json: unknown): Checked {
  const file = CatalogueFile.safeParse(json);
  if (!file.success) return { ok: false, faults: faultsOf(file.error, '') };
  const faults: Fault[] = [];
  const entries = file.data.entries.flatMap((wanted, index) => {
    const path = `entries.${index}`;
    const parsed = CatalogueEntry.safeParse(wanted);
    if (!parsed.success) {
      faults.push(...faultsOf(parsed.error, path));
      return [];
    }
    faults.push(...faultsOfEntry(parsed.data, path));
    return [parsed.data];
  });
  for (const id of repeated(entries.map((entry) => entry.id)))
    faults.push({ path: 'entries', message: `the service ${id} is there twice` });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, entries };
}

const faultsOf = (error: z.ZodError, path: string): Fault[] =>
  error.issues.map((issue) => ({
    path: [path, ...issue.path].filter((part) => part !== '').join('.'),
    message: issue.message,
  }));

/** What no schema of one value can say. */
function faultsOfEntry(entry: CatalogueEntry, path: string): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (at: string, message: string) => faults.push({ path: `${path}.${at}`, message });
  for (const id of repeated(entry.form.map((field) => field.id)))
    fault('form', `the field ${id} is there twice`);
  entry.form.forEach((field, index) => {
    for (const message of faultsOfField(field)) fault(`form.${index}`, message);
  });
  for (const message of faultsOfPrice(entry)) fault('fees', message);
  for (const place of placesOf(entry.subject ?? '')) {
    const named = entry.form.find(({ id }) => id === place);
    if (!named) fault('subject', `no field is called ${place}`);
    // the subject is read by whoever holds the notice, and printed on the receipt
    else if (named.kind === 'name' || named.kind === 'fiscal-code' || named.prefill)
      fault('subject', `${place} says who the citizen is: it cannot stand in the subject`);
  }
  if (!entry.workflow.steps.includes('review'))
    fault('workflow.steps', 'the review of all answers is missing (C.SE.1.4)');
  return faults;
}

function faultsOfField(field: FormField): readonly string[] {
  const faults: string[] = [];
  if (field.minLength > field.maxLength) faults.push('minLength is more than maxLength');
  if ((field.minCents ?? 0) > (field.maxCents ?? Number.MAX_SAFE_INTEGER))
    faults.push('minCents is more than maxCents');
  if (field.kind === 'choice' && (field.choices?.length ?? 0) < 2)
    faults.push('a choice needs two to five choices');
  if (field.kind !== 'choice' && field.choices) faults.push('choices belong to a field of kind choice');
  for (const value of repeated((field.choices ?? []).map((choice) => choice.value)))
    faults.push(`the value ${value} can be chosen twice`);
  if (field.prefill === 'citizen.fiscalCode' && field.kind !== 'fiscal-code')
    faults.push('citizen.fiscalCode fills a field of kind fiscal-code');
  return faults;
}

/** Each price has one source, or a citizen would be asked twice for the same money. */
function faultsOfPrice(entry: CatalogueEntry): readonly string[] {
  const sources = entry.form.filter(
    ({ kind, choices }) => kind === 'amount' || choices?.some(({ amountCents }) => amountCents !== undefined),
  );
  const open = entry.fees.filter(({ amountCents }) => amountCents === undefined).length;
  const faults: string[] = [];
  if (entry.fees.length === 0) faults.push('nothing is paid: at least one fee is needed');
  if (open > 1) faults.push('only one fee may leave its amount to the form');
  if (open === 1 && sources.length !== 1)
    faults.push(`the form must hold one field that says the price, and it holds ${sources.length}`);
  if (open === 0 && sources.length > 0) faults.push('the form asks for a price, and every fee has its own');
  for (const { id, choices } of sources) {
    if (choices?.some(({ amountCents }) => amountCents === undefined))
      faults.push(`some choices of ${id} have a price and some have none`);
  }
  return faults;
}

const repeated = (all: readonly string[]): readonly string[] => [
  ...new Set(all.filter((one, at) => all.indexOf(one) !== at)),
];
