export { CALLBACK_ROUTE, callbackRoutes } from './callbacks.ts';
export type { PaymentsContext } from './context.ts';
export { openPayments, type Payments } from './payments.ts';
export {
  chargedBetween,
  collectedBetween,
  countCollected,
  countPendingOutcomes,
  healthSince,
  lastCharges,
  type PageWanted,
  paymentsById,
  paymentsOfTerminal,
  readPage,
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
export { failedPayments, waitingOutcomes } from './watched.ts';
