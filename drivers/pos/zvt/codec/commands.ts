import { type Apdu, encodeApdu } from './apdu.ts';
import { decodeBmps, field, fieldValue, isBmp, tlvsOf } from './bmp.ts';
import { bcd, container, fixed } from './bmp-writing.ts';
import { digitsOf, joined, numberOf } from './bytes.ts';
import { control } from './terminal-messages.ts';
import { findTlv, type TlvContent } from './tlv.ts';

/** ISO 4217 number of the euro, as field 49 and registration write it. */
export const EURO = '0978';

interface Sequenced {
  /** Message sequence number (TLV 1F73), where the terminal echoed it at registration. */
  readonly sequence?: number | undefined;
}

/** What a till says. */
export type TillCommand =
  | ({
      readonly command: 'registration';
      readonly password: string;
      readonly config: number;
      readonly service?: number | undefined;
      /** Ask for receipts in blocks (`06 D3`). */
      readonly blocks: boolean;
    } & Sequenced)
  | ({
      readonly command: 'authorisation';
      readonly amountCents: number;
      /** Field 19, where the terminal wants one. */
      readonly paymentType?: number | undefined;
      /** TLV 1F1F: the receipt number heard last; empty when none was. Undefined: the terminal does not speak of it. */
      readonly receiptEcho?: Uint8Array | undefined;
    } & Sequenced)
  | ({
      readonly command: 'reversal';
      readonly password: string;
      readonly receipt: string;
      readonly receiptEcho?: Uint8Array | undefined;
    } & Sequenced)
  | { readonly command: 'status-enquiry'; readonly password: string }
  | {
      readonly command: 'repeat-receipt' | 'end-of-day' | 'totals' | 'initialisation';
      readonly password: string;
    }
  | { readonly command: 'diagnosis' | 'log-off' | 'abort' | 'reset' | 'ok' }
  | { readonly command: 'not-issued'; readonly code: number }
  | { readonly command: 'unknown'; readonly control: number };

const passworded = {
  'repeat-receipt': control.repeatReceipt,
  'end-of-day': control.endOfDay,
  totals: control.totals,
  initialisation: control.initialisation,
} as const;

const plain = {
  diagnosis: control.diagnosis,
  'log-off': control.logOff,
  abort: control.abortByTill,
  reset: control.reset,
  ok: control.ok,
} as const;

const sequenceTlv = (sequence: number | undefined): readonly (readonly [string, TlvContent])[] =>
  sequence === undefined ? [] : [['1F73', bcd(sequence, 3)]];
const echoTlv = (echo: Uint8Array | undefined): readonly (readonly [string, TlvContent])[] =>
  echo === undefined ? [] : [['1F1F', echo]];

const PRINT_BLOCK = Uint8Array.of(0x06, 0xd3);

/** The APDU of a command. Throws `ZVT_UNENCODABLE` for what does not fit its field. */
export function encodeCommand(command: TillCommand): Uint8Array {
  switch (command.command) {
    case 'registration': {
      const { password, config, service, blocks, sequence } = command;
      const permitted: readonly (readonly [string, TlvContent])[] = blocks
        ? [['26', [['0A', PRINT_BLOCK]]]]
        : [];
      return encodeApdu(
        control.registration,
        joined([
          bcd(password, 3),
          Uint8Array.of(config),
          bcd(EURO, 2),
          service === undefined ? new Uint8Array() : fixed(field.service, Uint8Array.of(service)),
          container([...permitted, ...sequenceTlv(sequence)]),
        ]),
      );
    }
    case 'authorisation': {
      const { amountCents, paymentType, receiptEcho, sequence } = command;
      return encodeApdu(
        control.authorisation,
        joined([
          fixed(field.amount, bcd(amountCents, 6)),
          fixed(field.currency, bcd(EURO, 2)),
          paymentType === undefined ? new Uint8Array() : fixed(field.paymentType, Uint8Array.of(paymentType)),
          container([...echoTlv(receiptEcho), ...sequenceTlv(sequence)]),
        ]),
      );
    }
    case 'reversal': {
      const { password, receipt, receiptEcho, sequence } = command;
      return encodeApdu(
        control.reversal,
        joined([
          bcd(password, 3),
          fixed(field.receipt, bcd(receipt, 2)),
          container([...echoTlv(receiptEcho), ...sequenceTlv(sequence)]),
        ]),
      );
    }
    case 'status-enquiry':
      return encodeApdu(control.statusEnquiry, bcd(command.password, 3));
    case 'repeat-receipt':
    case 'end-of-day':
    case 'totals':
    case 'initialisation':
      return encodeApdu(passworded[command.command], bcd(command.password, 3));
    case 'not-issued':
      return encodeApdu(0x8400 | command.code);
    case 'unknown':
      return encodeApdu(command.control);
    default:
      return encodeApdu(plain[command.command]);
  }
}

const PASSWORD = 3;

const passwordIn = (data: Uint8Array): string => digitsOf(data.subarray(0, PASSWORD)) ?? '';

/** Where the fields of a registration begin: the currency before them has no field number, and may be left out. */
export const registrationFields = (data: Uint8Array): number => (isBmp(data[4] ?? field.tlv) ? 4 : 6);

function registrationIn(data: Uint8Array): TillCommand {
  const { bmps } = decodeBmps(data, registrationFields(data));
  const tlvs = tlvsOf(bmps);
  const sequence = findTlv(tlvs, '1F73');
  return {
    command: 'registration',
    password: passwordIn(data),
    config: data[3] ?? 0,
    service: fieldValue(bmps, field.service)?.[0],
    blocks: findTlv(tlvs, '26') !== undefined,
    sequence: sequence && numberOf(sequence.value),
  };
}

/** Reads what a till sent. Never throws: what is unknown is `unknown`. */
export function decodeFromTill({ control: of, data }: Apdu): TillCommand {
  switch (of) {
    case control.registration:
      return registrationIn(data);
    case control.authorisation: {
      const { bmps } = decodeBmps(data);
      const amount = fieldValue(bmps, field.amount);
      const tlvs = tlvsOf(bmps);
      const sequence = findTlv(tlvs, '1F73');
      return {
        command: 'authorisation',
        amountCents: (amount && numberOf(amount)) ?? 0,
        paymentType: fieldValue(bmps, field.paymentType)?.[0],
        receiptEcho: findTlv(tlvs, '1F1F')?.value,
        sequence: sequence && numberOf(sequence.value),
      };
    }
    case control.reversal: {
      const { bmps } = decodeBmps(data, PASSWORD);
      const receipt = fieldValue(bmps, field.receipt);
      const tlvs = tlvsOf(bmps);
      const sequence = findTlv(tlvs, '1F73');
      return {
        command: 'reversal',
        password: passwordIn(data),
        receipt: (receipt && digitsOf(receipt)) ?? '',
        receiptEcho: findTlv(tlvs, '1F1F')?.value,
        sequence: sequence && numberOf(sequence.value),
      };
    }
    case control.statusEnquiry:
      return { command: 'status-enquiry', password: passwordIn(data) };
    default:
      return otherCommand(of, data);
  }
}

function otherCommand(of: number, data: Uint8Array): TillCommand {
  for (const [command, value] of Object.entries(passworded)) {
    if (value === of) return { command: command as keyof typeof passworded, password: passwordIn(data) };
  }
  for (const [command, value] of Object.entries(plain)) {
    if (value === of) return { command: command as keyof typeof plain };
  }
  if (of === 0x8400) return { command: 'ok' };
  return of >> 8 === 0x84 ? { command: 'not-issued', code: of & 0xff } : { command: 'unknown', control: of };
}
