export type { PayloadError, PayloadErrorCode } from './errors.ts';
export {
  encodeControl,
  encodeFrame,
  encodeProgress,
  FrameReader,
  type WireErrorCode,
  type WireItem,
} from './frames.ts';
export type { PaymentForm } from './layouts.ts';
export { type DecodedWire, decodeEcr17Line } from './line.ts';
export { type LrcMode, lrcModes, lrcOf } from './lrc.ts';
export { ecr17Mask } from './mask.ts';
export { decodeFromEcr, decodeFromPos } from './payload.ts';
export { type LineStyle, lineWidths, type ReceiptLine } from './receipt.ts';
export { type EcrRequest, encodeRequest, type RequestCode } from './requests.ts';
export * from './responses.ts';
