export type { CrowdState } from './crowd.ts';
export { Crowds } from './crowds.ts';
export { loadKey, loadTerminalId, madeUp } from './key.ts';
export type { BrokerAddress } from './wire.ts';
