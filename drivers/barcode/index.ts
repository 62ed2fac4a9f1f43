export { SAME_SCAN_MS, ScanOutlet } from './outlet.ts';
export * from './port.ts';
export { LONGEST_SCAN, textOf } from './text-codec.ts';
