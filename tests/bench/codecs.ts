import { makeCreditor, makeNotice, noticeDataMatrix, noticeQr, readNotice } from '@jolly/contracts/notice';
import { receipt } from '@jolly/contracts/receipt';
import { DownFrame } from '@jolly/contracts/terminal-channel';
import {
  decodeFromPos,
  encodeControl,
  encodeFrame,
  encodeProgress,
  encodeResponse,
  FrameReader,
  type PosResponse,
  type ReceiptLine,
} from '@jolly/drivers/pos/ecr17';
import { customerLines, decodeMessage, nexoMask, sealWith } from '@jolly/drivers/pos/nexo';
import {
  CommandReader,
  decodeAsb,
  decodePrinterStatus,
  encodeDocument,
  Page,
  profiles,
  ReplySplitter,
} from '@jolly/drivers/printer/escpos';
import { benchRate } from './rates.ts';
import { nexoAnswer, receiptData, snapshot } from './samples.ts';
import type { Figure } from './statistics.ts';

/** Each codec on what it meets on an ordinary day; every result is checked once before it is timed. */
export function benchCodecs(): Record<string, Figure> {
  const stream = paymentOnTheWire();
  const document = receipt(receiptData);
  const profile = profiles['epson-generic'];
  const slip = encodeDocument(document, profile);
  const replies = printerReplies();
  const shown = JSON.stringify({ type: 'snapshot', snapshot });
  const key = {
    noticeNumber: makeNotice('3', '020001204567892'),
    creditorTaxCode: makeCreditor('8400689048'),
  };
  const qr = noticeQr(key, 12_345);
  const dataMatrix = noticeDataMatrix(key, 12_345, {
    postalAccount: '12345678',
    debtorTaxCode: 'RSSMRA80A01G999X',
    debtorName: 'ROSSI MARIO',
    subject: 'TARI 2026 - SECONDA RATA',
  });
  expectCount('ecr17', readEcr17([stream]), ECR17_FRAMES);
  expectCount('ecr17 in pieces', readEcr17(pieces(stream, 7)), ECR17_FRAMES);
  const answer = JSON.stringify(nexoAnswer);
  const answerBytes = new TextEncoder().encode(answer);
  const seal = sealWith({ keyIdentifier: 'bench', keyVersion: 1, passphrase: 'bench' });
  const sealed = seal.close(nexoAnswer.SaleToPOIResponse.MessageHeader, answer, 'SaleToPOIResponse');
  expectCount('nexo', readNexo(answer), 1);
  expectCount('nexo sealed', readNexo(seal.open(sealed) ?? ''), 1);
  expectCount('escpos status', readReplies(replies), PRINTER_REPLIES);
  expectCount('slip', readSlip(slip), 1);
  expectCount('qr', readNotices(qr), 1);
  expectCount('data matrix', readNotices(dataMatrix), 1);
  const cut = pieces(stream, 7);
  return {
    'ecr17 decode, whole': benchRate('frames/s', () => readEcr17([stream])),
    'ecr17 decode, chunks of 7 bytes': benchRate('frames/s', () => readEcr17(cut)),
    'nexo answer with slip, decode and check': benchRate('messages/s', () => readNexo(answer)),
    'nexo answer with slip, open the seal and decode': benchRate('messages/s', () =>
      readNexo(seal.open(sealed) ?? ''),
    ),
    'nexo answer with slip, mask for a recording': benchRate('messages/s', () =>
      Math.sign(nexoMask('in', answerBytes).length),
    ),
    'escpos status, split and decode': benchRate('replies/s', () => readReplies(replies)),
    'escpos receipt, encode': benchRate('slips/s', () => Math.sign(encodeDocument(document, profile).length)),
    'escpos receipt, decode to rows': benchRate('slips/s', () => readSlip(slip)),
    'notice, QR': benchRate('notices/s', () => readNotices(qr)),
    'notice, Data Matrix': benchRate('notices/s', () => readNotices(dataMatrix)),
    'channel snapshot, parse and check': benchRate('frames/s', () =>
      DownFrame.safeParse(JSON.parse(shown)).success ? 1 : 0,
    ),
  };
}

function expectCount(what: string, got: number, wanted: number): void {
  if (got !== wanted) throw new Error(`${what}: ${got} messages came out instead of ${wanted}`);
}

/** 1 for an approved payment with its slip. */
function readNexo(text: string): number {
  const message = decodeMessage(text);
  const payment = message && 'response' in message ? message.response.PaymentResponse : undefined;
  return payment?.Response.Result === 'Success' && customerLines(payment.PaymentReceipt).length > 0 ? 1 : 0;
}

const ECR17_FRAMES = 14;

/** A payment as the kiosk hears it: the ACK, nine progress messages, the result, three receipt messages. */
function paymentOnTheWire(): Uint8Array {
  const head = { terminalId: '12345678' } as const;
  const result: PosResponse = {
    ...head,
    kind: 'payment',
    code: 'E',
    form: 'extended',
    result: '00',
    outcome: 'approved',
    pan: '000541275******4321',
    entry: 'CLI',
    authCode: 'A00042',
    hostDateTime: '3251024',
    reason: null,
    cardType: '2',
    acquirerId: '00000000003',
    stan: '000042',
    onlineId: '000042',
    actionCode: '000',
    hostAmountCents: 12_345,
  };
  const line = (text: string): ReceiptLine => ({ style: 'normal', text });
  const slip = (last: boolean): PosResponse => ({
    ...head,
    kind: 'receipt',
    code: 'S',
    last,
    lines: ['PAGAMENTO', 'TML             12345678', 'STAN              000042', 'EUR 123,45'].map(line),
    trailingBlankLines: last ? 6 : 0,
  });
  const frame = (response: PosResponse) => encodeFrame(encodeResponse(response), 'std');
  const progress = Array.from({ length: 9 }, (_, at) =>
    encodeProgress(at < 4 ? 'AVVICINARE CARTA' : 'ATTENDERE...'),
  );
  return joined([
    encodeControl('ack', 'std'),
    ...progress,
    frame(result),
    frame(slip(false)),
    frame(slip(false)),
    frame(slip(true)),
  ]);
}

/** Packets cut out and, where they carry a message, decoded; 0 as soon as one is an error. */
function readEcr17(chunks: readonly Uint8Array[]): number {
  const reader = new FrameReader('std');
  let count = 0;
  for (const chunk of chunks) {
    for (const item of reader.push(chunk)) {
      if (item.wire === 'error') return 0;
      if (item.wire === 'frame' && 'error' in decodeFromPos(item.payload)) return 0;
      count++;
    }
  }
  return count;
}

const PRINTER_REPLIES = 6;

/** What a printer says while a slip comes out: four real-time answers, an automatic status, the answer to GS r. */
const printerReplies = () => Uint8Array.from([0x12, 0x12, 0x12, 0x12, ...[0x10, 0x00, 0x00, 0x0f], 0x00]);

function readReplies(bytes: Uint8Array): number {
  const replies = new ReplySplitter().push(bytes);
  for (const reply of replies) {
    if (reply.reply === 'stray') return 0;
    if (reply.reply === 'asb') decodeAsb(reply.bytes);
    if (reply.reply === 'dle-eot') decodePrinterStatus(reply.byte);
  }
  return replies.length;
}

/** One when the slip was cut in the end. */
function readSlip(bytes: Uint8Array): number {
  const page = new Page();
  let cuts = 0;
  for (const command of new CommandReader().push(bytes)) {
    for (const { event } of page.apply(command)) if (event === 'cut') cuts++;
  }
  return cuts;
}

const readNotices = (text: string): number => (readNotice(text).decision === 'accept' ? 1 : 0);

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}

const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
