export { openPaymentDesk } from './desk.ts';
export { paymentErrors } from './errors.ts';
export * from './port.ts';
export type { DeskOptions, DeskPlace } from './ports.ts';
export { supportCode } from './support-code.ts';
