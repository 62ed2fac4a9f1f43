import { CatalogueEntry } from '@jolly/contracts/service-catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canGoBack,
  type FormState,
  formScreen,
  moved,
  openForm,
  refused,
  sending,
  troubled,
} from './form.ts';
import type { FormCommand } from './port.ts';

const permit = CatalogueEntry.parse({
  id: 'pagamenti.sosta',
  version: 1,
  status: 'active',
  title: { it: 'Permesso di sosta' },
  archetype: 'servizi-a-pagamento',
  auth: { methods: [], minLoA: 'none' },
  form: [
    { id: 'plate', kind: 'plate', label: { it: 'Targa' }, minLength: 5, maxLength: 8 },
    {
      id: 'zone',
      kind: 'choice',
      label: { it: 'Zona' },
      choices: [
        { value: 'A', label: { it: 'Zona A' }, amountCents: 9_000 },
        { value: 'B', label: { it: 'Zona B' }, amountCents: 6_000 },
      ],
    },
    { id: 'code', kind: 'fiscal-code', label: { it: 'Codice fiscale' }, prefill: 'citizen.fiscalCode' },
    { id: 'who', kind: 'name', label: { it: 'Nome' }, prefill: 'citizen.fullName' },
  ],
  fees: [{ kind: 'tariff', pay: 'pagopa.spontaneous', taxonomy: '9/0101103IM/' }],
  workflow: { steps: ['form', 'review', 'pay'] },
  availability: { offlinePolicy: 'unavailable' },
});
const MARIA = { fiscalCode: 'RSSMRA80A01H501U', givenName: 'Maria', familyName: 'Rossi' };

const told = (state: FormState, ...commands: readonly FormCommand[]) => commands.reduce(moved, state);
const written = (text: string): FormCommand[] => [...text].map((each) => ({ type: 'write', text: each }));
const go = { type: 'submit-field' } as const;
const back = { type: 'back' } as const;
const where = (state: FormState) => {
  const screen = formScreen(state);
  return screen.name === 'service-field' ? screen.field.id : 'review';
};
const answered = (state: FormState) =>
  told(
    state,
    ...written('AB123CD'),
    go,
    { type: 'pick', value: 'B' },
    go,
    ...written(MARIA.fiscalCode),
    go,
    ...written('Maria Rossi'),
    go,
  );

describe('a form', () => {
  it('asks one question after the other, then shows everything with the price', () => {
    const review = answered(openForm(permit, undefined));
    expect(formScreen(review)).toMatchObject({
      name: 'service-review',
      amountCents: 6_000,
      answers: [{ value: 'AB123CD' }, { value: 'B' }, { value: MARIA.fiscalCode }, { value: 'Maria Rossi' }],
    });
  });

  it('counts the questions of this citizen', () => {
    expect(formScreen(openForm(permit, undefined))).toMatchObject({ step: 1, of: 4 });
    const second = told(openForm(permit, MARIA), ...written('AB123CD'), go);
    expect(formScreen(second)).toMatchObject({ step: 2, of: 2, field: { id: 'zone' } });
  });

  it('goes back question by question, and keeps the answers', () => {
    const review = answered(openForm(permit, undefined));
    const places: string[] = [];
    let state = review;
    while (canGoBack(state)) {
      state = told(state, back);
      places.push(where(state));
    }
    expect(places).toEqual(['who', 'code', 'zone', 'plate']);
    expect(formScreen(told(state, go, go, go, go))).toEqual(formScreen(review));
  });

  it('holds an answer that cannot be, with the reason, and forgets the reason with the next key', () => {
    const held = told(openForm(permit, undefined), ...written('AB'), go);
    expect(formScreen(held)).toMatchObject({ field: { id: 'plate' }, value: 'AB', problem: 'too-short' });
    expect(formScreen(told(held, { type: 'write', text: '1' }))).not.toHaveProperty('problem');
    expect(formScreen(openForm(permit, undefined))).toMatchObject({ canContinue: false });
  });

  it('does not ask what the login knows, and lets it be corrected (C.SE.1.5)', () => {
    const review = told(openForm(permit, MARIA), ...written('AB123CD'), go, { type: 'pick', value: 'A' }, go);
    expect(formScreen(review)).toMatchObject({
      answers: [{}, {}, { value: MARIA.fiscalCode }, { value: 'Maria Rossi' }],
    });
    const correcting = told(review, { type: 'correct', field: 'who' }, { type: 'clear' }, ...written('Luca'));
    expect(where(correcting)).toBe('who');
    expect(formScreen(told(correcting, go))).toMatchObject({
      name: 'service-review',
      answers: [{}, {}, {}, { value: 'Luca' }],
    });
    // who turns back corrected nothing
    expect(formScreen(told(correcting, back))).toEqual(formScreen(review));
    // the question before the review is the last one that was asked
    expect(where(told(review, back))).toBe('zone');
  });

  it('asks what the login knows but the rules do not take', () => {
    const form = told(
      openForm(permit, { ...MARIA, fiscalCode: 'RSSMRA80A01H501X' }),
      ...written('AB123CD'),
      go,
      { type: 'pick', value: 'A' },
      go,
    );
    expect(formScreen(form)).toMatchObject({ field: { id: 'code' }, value: '' });
  });

  it('stands still while the position is made, and goes on from the review', () => {
    const busy = sending(answered(openForm(permit, undefined)));
    expect(told(busy, back, { type: 'correct', field: 'plate' }, { type: 'write', text: 'x' })).toBe(busy);
    const again = troubled(busy, 'server-unreachable');
    expect(formScreen(again)).toMatchObject({ busy: false, problem: 'server-unreachable' });
    expect(formScreen(told(again, { type: 'correct', field: 'plate' }, back))).not.toHaveProperty('problem');
  });

  it('asks again for the answer that the server named', () => {
    const busy = sending(answered(openForm(permit, undefined)));
    const named = refused(busy, [{ path: 'answers.plate', message: 'too-short' }]);
    expect(formScreen(named)).toMatchObject({
      field: { id: 'plate' },
      value: 'AB123CD',
      problem: 'too-short',
    });
    expect(formScreen(refused(busy, [{ path: 'service', message: 'gone' }]))).toMatchObject({
      problem: 'refused',
    });
  });

  it('whatever is pressed, shows a page, and never reviews an answer that is missing', () => {
    const command = fc.oneof(
      fc.constantFrom<FormCommand>(go, back, { type: 'erase' }, { type: 'clear' }),
      fc.string({ minLength: 1, maxLength: 1 }).map((text): FormCommand => ({ type: 'write', text })),
      fc.constantFrom(...written('AB123RSMU08H5'), ...written('Maria ')),
      fc.constantFrom('A', 'B', 'Z').map((value): FormCommand => ({ type: 'pick', value })),
      fc
        .constantFrom('plate', 'zone', 'code', 'who', 'gone')
        .map((field): FormCommand => ({ type: 'correct', field })),
    );
    fc.assert(
      fc.property(fc.boolean(), fc.array(command, { maxLength: 80 }), (known, commands) => {
        const screen = formScreen(told(openForm(permit, known ? MARIA : undefined), ...commands));
        if (screen.name === 'service-field') expect(screen.step).toBeLessThanOrEqual(screen.of);
        else for (const { value } of screen.answers) expect(value).not.toBe('');
      }),
    );
  });
});
