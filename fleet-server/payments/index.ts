export type { PaymentsContext } from './context.ts';
export { openPayments, type Payments } from './payments.ts';
export { findPayment, type Payment, resealCalls, subjectOf, toPayment, updatePayment } from './records.ts';
export { PaymentParams, paymentRoutes } from './routes.ts';
export { mustGiveBack } from './rules.ts';
export { type PaymentKey, paymentMigrations, type PaymentTables } from './tables.ts';
