export {
  type Apdu,
  ApduReader,
  apduOf,
  encodeApdu,
  type ZvtReader,
  type ZvtWireItem,
} from './apdu.ts';
export { hexOf } from './bytes.ts';
export { awaitsCard, cardKindOf, intermediateWord, result, resultWord, statusWord } from './codes.ts';
export { decodeFromTill, EURO, encodeCommand, type TillCommand } from './commands.ts';
export { crcOf } from './crc.ts';
export { type DecodedZvt, decodeZvtLine } from './line.ts';
export { zvtMask } from './mask.ts';
export { encodeSerialControl, encodeSerialFrame, SerialReader } from './serial.ts';
export { type CardTechnology, type StatusInfo, statusInfoOfData, type Totals } from './status-info.ts';
export {
  control,
  decodeFromTerminal,
  endsReceipt,
  type PrintedLine,
  type ReceiptKind,
  type TerminalMessage,
} from './terminal-messages.ts';
export {
  encodeAbort,
  encodeCompletion,
  encodeIntermediate,
  encodeOk,
  encodePrintBlock,
  encodePrintLine,
  encodeRefusal,
  encodeStatusInfo,
  encodeTerminalStatus,
} from './terminal-writing.ts';
export { decodeText, encodeText, type TextEncoding, textEncodings } from './text.ts';
