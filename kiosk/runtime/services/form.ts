import {
  type Answers,
  type CatalogueEntry,
  FieldProblem,
  type FormField,
  pricesOf,
  problemOf,
  withKey,
  withoutKey,
} from '@jolly/contracts/service-catalogue';
import { cents } from '@jolly/contracts/values';
import type { FormCommand, FormScreen, KnownCitizen } from './port.ts';

/** A form as it stands. Pure data: the desk keeps it, the functions here move it. */
export interface FormState {
  readonly entry: CatalogueEntry;
  readonly answers: Answers;
  /** Fields that the login filled: they are not asked, and can be corrected. */
  readonly filled: readonly string[];
  readonly at: { readonly page: 'field'; readonly field: string } | { readonly page: 'review' };
  /** Set while one answer is corrected from the review: what it was, for who turns back. */
  readonly correcting: string | undefined;
  readonly problem: FieldProblem | undefined;
  /** The debt position is being made. */
  readonly busy: boolean;
  readonly trouble: 'server-unreachable' | 'refused' | undefined;
}

/** A form on its first page: the first question that the login has not answered, or the review. */
export function openForm(entry: CatalogueEntry, citizen: KnownCitizen | undefined): FormState {
  const answers: Record<string, string> = {};
  for (const field of entry.form) {
    const known = citizen && knownAnswer(field, citizen);
    if (known !== undefined && problemOf(field, known) === undefined) answers[field.id] = known;
  }
  const state: FormState = {
    entry,
    answers,
    filled: Object.keys(answers),
    at: { page: 'review' },
    correcting: undefined,
    problem: undefined,
    busy: false,
    trouble: undefined,
  };
  return goTo(state, asked(state)[0]);
}

function knownAnswer(field: FormField, citizen: KnownCitizen): string | undefined {
  switch (field.prefill) {
    case 'citizen.fiscalCode':
      return citizen.fiscalCode;
    case 'citizen.givenName':
      return citizen.givenName;
    case 'citizen.familyName':
      return citizen.familyName;
    case 'citizen.fullName':
      return `${citizen.givenName} ${citizen.familyName}`;
    case undefined:
      return undefined;
  }
}

/** The questions of this citizen, in order. */
const asked = ({ entry, filled }: FormState): readonly FormField[] =>
  entry.form.filter(({ id }) => !filled.includes(id));

const goTo = (state: FormState, field: FormField | undefined): FormState => ({
  ...state,
  at: field ? { page: 'field', field: field.id } : { page: 'review' },
  correcting: undefined,
  problem: undefined,
  trouble: undefined,
});

const fieldAt = ({ entry, at }: FormState): FormField | undefined =>
  at.page === 'field' ? entry.form.find(({ id }) => id === at.field) : undefined;

const answerTo = ({ answers }: FormState, field: FormField): string => answers[field.id] ?? '';

const withAnswer = (state: FormState, field: FormField, answer: string): FormState =>
  answer === answerTo(state, field)
    ? state
    : { ...state, answers: { ...state.answers, [field.id]: answer }, problem: undefined };

/** Whether `back` leads to another page of the form. */
export function canGoBack(state: FormState): boolean {
  if (state.busy) return true;
  const field = fieldAt(state);
  if (!field) return asked(state).length > 0;
  return state.correcting !== undefined || asked(state)[0]?.id !== field.id;
}

/** What a command makes of a form; the same state when the page does not know it. `submit-form` is the desk's. */
export function moved(state: FormState, command: FormCommand): FormState {
  if (state.busy) return state;
  const field = fieldAt(state);
  if (!field) return fromReview(state, command);
  const written = answerTo(state, field);
  switch (command.type) {
    case 'write':
      return withAnswer(state, field, withKey(field, written, command.text));
    case 'erase':
      return field.kind === 'choice' ? state : withAnswer(state, field, withoutKey(written));
    case 'clear':
      return withAnswer(state, field, '');
    case 'pick':
      return field.choices?.some(({ value }) => value === command.value)
        ? withAnswer(state, field, command.value)
        : state;
    case 'submit-field':
      return submitted(state, field);
    case 'back':
      return backFrom(state, field);
    default:
      return state;
  }
}

function fromReview(state: FormState, command: FormCommand): FormState {
  if (command.type === 'back') {
    const last = asked(state).at(-1);
    return last ? goTo(state, last) : state;
  }
  const field = command.type === 'correct' && state.entry.form.find(({ id }) => id === command.field);
  return field ? { ...goTo(state, field), correcting: answerTo(state, field) } : state;
}

function submitted(state: FormState, field: FormField): FormState {
  const answer = answerTo(state, field);
  const problem = problemOf(field, answer);
  if (problem) return { ...state, problem };
  const tidy = withAnswer(state, field, answer.trim());
  if (state.correcting !== undefined) return goTo(tidy, undefined);
  const questions = asked(state);
  return goTo(tidy, questions[questions.findIndex(({ id }) => id === field.id) + 1]);
}

function backFrom(state: FormState, field: FormField): FormState {
  if (state.correcting !== undefined) return goTo(withAnswer(state, field, state.correcting), undefined);
  const questions = asked(state);
  const before = questions[questions.findIndex(({ id }) => id === field.id) - 1];
  return before ? goTo(state, before) : state;
}

export const sending = (state: FormState): FormState => ({ ...state, busy: true, trouble: undefined });

export const troubled = (state: FormState, trouble: NonNullable<FormState['trouble']>): FormState => ({
  ...state,
  busy: false,
  trouble,
});

/** The server refused: an answer it named is asked again with the reason, else the review says so. */
export function refused(
  state: FormState,
  faults: readonly { readonly path: string; readonly message: string }[],
): FormState {
  const idle = { ...state, busy: false };
  for (const { path, message } of faults) {
    const field = state.entry.form.find(({ id }) => path === `answers.${id}`);
    const problem = FieldProblem.safeParse(message);
    if (field && problem.success)
      return { ...goTo(idle, field), correcting: answerTo(state, field), problem: problem.data };
  }
  return troubled(idle, 'refused');
}

/** The page that a form shows. */
export function formScreen(state: FormState): FormScreen {
  const { entry, answers, problem, busy, trouble } = state;
  const service = { id: entry.id, title: entry.title };
  const field = fieldAt(state);
  if (field) {
    const questions = asked(state);
    const value = answerTo(state, field);
    const place = questions.findIndex(({ id }) => id === field.id);
    return {
      name: 'service-field',
      service,
      field,
      value,
      // an answer that the login gave has no place among the questions
      step: Math.max(1, place + 1),
      of: Math.max(1, questions.length),
      ...(problem === undefined ? {} : { problem }),
      canContinue: value.trim() !== '' || field.minLength === 0,
    };
  }
  const amount = pricesOf(entry, answers).reduce((sum, { amountCents }) => sum + amountCents, 0);
  return {
    name: 'service-review',
    service,
    answers: entry.form.map((each) => ({ field: each, value: answerTo(state, each) })),
    ...(amount > 0 ? { amountCents: cents(amount) } : {}),
    busy,
    ...(trouble === undefined ? {} : { problem: trouble }),
  };
}
