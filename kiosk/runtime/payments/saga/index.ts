export { type Arrow, arrows, chart } from './chart.ts';
export type { Effect } from './effect.ts';
export type { EventOf, EventType, NotReady, PaymentEvent } from './event.ts';
export {
  isCharged,
  mustNotBeCut,
  newPayment,
  type PaperTrail,
  type Payment,
  RESTING,
  type Slip,
  STATES,
  type State,
} from './payment.ts';
export type { Tell } from './rules.ts';
export { defaultSagaSettings, type SagaSettings } from './settings.ts';
export { type Taken, transition } from './transition.ts';
