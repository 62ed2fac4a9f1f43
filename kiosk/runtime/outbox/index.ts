export { outboxErrors } from './errors.ts';
export { fitted } from './fitted.ts';
export { backOff, type Deliver, Outbox, type OutboxOptions, refusalOf } from './outbox.ts';
