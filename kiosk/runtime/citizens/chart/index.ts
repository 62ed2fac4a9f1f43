export { type Fields, fieldsOf, lengthOf } from './fields.ts';
export { screenOf } from './screens.ts';
export {
  type CardOfCitizen,
  type Effect,
  type KnownKind,
  kindOf,
  type LoginEvent,
  type LoginState,
  type Phase,
  signsIn,
  type Tries,
  type TriesOfCard,
  type TriesOfCards,
  working,
} from './state.ts';
export { backToGreeting, type Step, startLogin, transition } from './transition.ts';
export { offeredBy } from './ways.ts';
