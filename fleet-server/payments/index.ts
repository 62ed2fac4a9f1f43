export { CALLBACK_ROUTE, callbackRoutes } from './callbacks.ts';
export type { PaymentsContext } from './context.ts';
export { openPayments, type Payments } from './payments.ts';
export {
  chargedBetween,
  countPendingOutcomes,
  lastCharges,
  type PageWanted,
  paymentsById,
  readPage,
  startedSince,
} from './reading.ts';
export {
  addStep,
  findPayment,
  getPayment,
  type Payment,
  resealCalls,
  subjectOf,
  updatePayment,
} from './records.ts';
export { PaymentParams, paymentRoutes } from './routes.ts';
export { mustGiveBack } from './rules.ts';
export {
  attemptMigrations,
  gatewayMigrations,
  type PaymentKey,
  type PaymentTables,
  paymentMigrations,
} from './tables.ts';
