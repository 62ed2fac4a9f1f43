export { PrinterAction } from './actions.ts';
export { type PrinterOptions, SimulatedPrinter } from './device.ts';
