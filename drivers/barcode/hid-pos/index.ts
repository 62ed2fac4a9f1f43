export * from './codec/index.ts';
export { type HidPosContext, HidPosReader } from './driver.ts';
export { decodeHidLine, type HidLine } from './line.ts';
export { registerHidPos } from './register.ts';
export { type HidPosSettings, hidPosSettings } from './settings.ts';
export type { HidDeviceInfo, HidEvents, HidLink, HidTransport } from './transport.ts';
