export { backOff, type Deliver, Outbox, type OutboxOptions, refusalOf } from './outbox.ts';
