/** Payments without a notice: the catalogue, the form of a service, the debt position; the cart for the phone and the summary. */
export { openServiceDesk, type ServiceDeskOptions } from './desk.ts';
export * from './port.ts';
