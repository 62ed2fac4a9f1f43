import { FieldKind, FormField } from '@jolly/contracts/service-catalogue';
import type { FormScreen, ServiceCard } from '../services/index.ts';
import type { FormView, SessionEvent } from './events.ts';

/** More services than one page holds. */
const SERVICES: readonly ServiceCard[] = ['carta', 'multe', 'mensa', 'sosta', 'luci', 'doni'].map((name) => ({
  id: `pagamenti.${name}`,
  title: { it: `Servizio ${name}`, en: `Service ${name}` },
  summary: { it: 'Una riga' },
}));

const service = { id: 'pagamenti.carta', title: { it: 'Servizio carta', en: 'Service carta' } };
const choices = [
  { value: 'a', label: { it: 'Prima' }, amountCents: 2_221 },
  { value: 'b', label: { it: 'Smarrita' } },
];
const fields = FieldKind.options.map((kind) =>
  FormField.parse({
    id: kind,
    kind,
    label: { it: `Campo ${kind}` },
    ...(kind === 'choice' ? { choices } : {}),
  }),
);

const asking = (field: FormField): FormScreen => ({
  name: 'service-field',
  service,
  field,
  value: '',
  step: 1,
  of: 3,
  canContinue: false,
});
const review = { name: 'service-review', service, busy: false } as const;

const screens: readonly FormScreen[] = [
  ...fields.map(asking),
  {
    ...review,
    answers: [...fields.map((field) => ({ field, value: field.kind === 'choice' ? 'a' : '12' }))],
  },
  { ...review, answers: [], busy: true },
  { ...review, answers: [], problem: 'server-unreachable' },
];

/** What a service desk can tell, one of each. */
export const SAMPLE_SERVICES: readonly [string, SessionEvent][] = [
  ['services:none', { type: 'services', services: [] }],
  ['services:six', { type: 'services', services: SERVICES }],
  ...screens.map((screen): [string, SessionEvent] => [
    `form:${screen.name}`,
    { type: 'form', view: { screen, canGoBack: true, made: undefined } satisfies FormView },
  ]),
];
