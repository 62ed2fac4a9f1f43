export * from './codec.ts';
export { serialBarcodeMask } from './codec-mask.ts';
export { type SerialBarcodeContext, SerialBarcodeReader } from './driver.ts';
export { decodeSerialLine, type SerialLine } from './line.ts';
export { registerBarcode } from './register.ts';
export { type SerialBarcodeSettings, serialBarcodeSettings } from './settings.ts';
export { PROFILES, type ProfileName, triggerProfiles } from './trigger.ts';
