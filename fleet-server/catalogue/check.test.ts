import { describe, expect, it } from 'vitest';
import { checkCatalogue } from './check.ts';

const entry = (over: object = {}) => ({
  id: 'pagamenti.prova',
  version: 1,
  status: 'active',
  title: { it: 'Prova' },
  subject: 'Prova {plate}',
  archetype: 'servizi-a-pagamento',
  auth: { methods: [], minLoA: 'none' },
  form: [
    { id: 'plate', kind: 'plate', label: { it: 'Targa' } },
    { id: 'amount', kind: 'amount', label: { it: 'Importo' } },
    { id: 'who', kind: 'name', label: { it: 'Chi paga' } },
  ],
  fees: [{ kind: 'tariff', pay: 'pagopa.spontaneous', taxonomy: '9/0101100IM/' }],
  workflow: { steps: ['form', 'review', 'pay'] },
  availability: { offlinePolicy: 'unavailable' },
  ...over,
});
const faultsOf = (...entries: readonly object[]) => {
  const checked = checkCatalogue({ entries });
  return checked.ok ? [] : checked.faults.map(({ path, message }) => `${path}: ${message}`);
};

describe('a catalogue', () => {
  it('without faults is taken, with what later services will need let through', () => {
    const checked = checkCatalogue({ entries: [entry({ outputs: [{ type: 'CERT' }] })] });
    expect(checked).toMatchObject({ ok: true, entries: [{ outputs: [{ type: 'CERT' }] }] });
  });

  it('tells every fault of every entry, with its place', () => {
    const choice = {
      id: 'zone',
      kind: 'choice',
      label: { it: 'Zona' },
      choices: [{ value: 'a', label: { it: 'A' } }],
    };
    expect(
      faultsOf(
        entry(),
        entry(),
        entry({ id: 'Nope' }),
        entry({ id: 'b', form: [choice, choice], subject: '{gone}', workflow: { steps: ['pay'] } }),
      ),
    ).toEqual([
      expect.stringMatching(/^entries\.2\.id: /),
      'entries.3.form: the field zone is there twice',
      'entries.3.form.0: a choice needs two to five choices',
      'entries.3.form.1: a choice needs two to five choices',
      'entries.3.fees: the form must hold one field that says the price, and it holds 0',
      'entries.3.subject: no field is called gone',
      'entries.3.workflow.steps: the review of all answers is missing (C.SE.1.4)',
      'entries: the service pagamenti.prova is there twice',
    ]);
  });

  it('lets nobody be named in the words of the notice', () => {
    expect(faultsOf(entry({ subject: 'Prova {who}' }))).toEqual([
      'entries.0.subject: who says who the citizen is: it cannot stand in the subject',
    ]);
  });

  it('asks for each price once', () => {
    const fee = { kind: 'tariff', pay: 'pagopa.spontaneous', taxonomy: '9/0101100IM/' };
    expect(faultsOf(entry({ fees: [] }))).toEqual([
      'entries.0.fees: nothing is paid: at least one fee is needed',
      'entries.0.fees: the form asks for a price, and every fee has its own',
    ]);
    expect(faultsOf(entry({ fees: [{ ...fee, amountCents: 500 }] }))).toHaveLength(1);
    expect(faultsOf(entry({ fees: [fee, fee] }))).toEqual([
      'entries.0.fees: only one fee may leave its amount to the form',
    ]);
  });
});
