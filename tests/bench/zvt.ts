import {
  ApduReader,
  decodeFromTerminal,
  encodeCompletion,
  encodeIntermediate,
  encodeOk,
  encodePrintBlock,
  encodeSerialControl,
  encodeSerialFrame,
  encodeStatusInfo,
  SerialReader,
  type ZvtReader,
} from '@jolly/drivers/pos/zvt';
import { benchRate } from './rates.ts';
import type { Figure } from './statistics.ts';

/** A payment as the kiosk hears it: 80 00, nine intermediate messages, the result, two receipts, the completion. */
function paymentOnTheWire(): readonly Uint8Array[] {
  const lines = [
    'PAGAMENTO',
    'Terminal-ID     29001006',
    'Trace             000042',
    'EUR           123,45',
  ].map((text) => ({ attribute: 0, text }));
  return [
    encodeOk(),
    ...Array.from({ length: 9 }, (_, at) =>
      at < 4 ? encodeIntermediate(0x0a, ['AVVICINARE CARTA']) : encodeIntermediate(0x0e, ['ATTENDERE...']),
    ),
    encodeStatusInfo({
      resultCode: 0,
      amountCents: 12_345,
      trace: '000042',
      time: '102430',
      date: '1121',
      pan: '************4321',
      terminalId: '29001006',
      merchant: '100764992',
      authorisation: 'A00042',
      receipt: '0042',
      cardType: 6,
      cardName: 'MASTERCARD',
      technology: 'CLI',
    }),
    encodePrintBlock('merchant', lines),
    encodePrintBlock('cardholder', lines),
    encodeCompletion(),
  ];
}

/** Messages cut out and decoded; 0 as soon as one is an error. */
function read(reader: ZvtReader, chunks: readonly Uint8Array[]): number {
  let count = 0;
  for (const chunk of chunks) {
    for (const item of reader.push(chunk)) {
      if (item.wire === 'error') return 0;
      if (item.wire !== 'apdu') continue;
      if (decodeFromTerminal(item.apdu).kind === 'other') return 0;
      count++;
    }
  }
  return count;
}

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const pieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );

/** The codec on what it hears during one payment, over TCP and over a serial line; checked once before it is timed. */
export function benchZvtCodec(): Record<string, Figure> {
  const messages = paymentOnTheWire();
  const tcp = joined(messages);
  const serial = joined(messages.flatMap((apdu) => [encodeSerialControl('ack'), encodeSerialFrame(apdu)]));
  const cut = pieces(tcp, 7);
  const forms: Record<string, () => number> = {
    'zvt decode, whole': () => read(new ApduReader(), [tcp]),
    'zvt decode, chunks of 7 bytes': () => read(new ApduReader(), cut),
    'zvt decode, serial frames': () => read(new SerialReader(), [serial]),
  };
  return Object.fromEntries(
    Object.entries(forms).map(([name, work]) => {
      if (work() !== messages.length) throw new Error(`${name}: messages are missing`);
      return [name, benchRate('messages/s', work)];
    }),
  );
}
