import type { AppletTrouble } from './applet.ts';
import type { SecretNumber } from './tries.ts';

export type CardKind = 'cie' | 'cns';

/**
 * What a clever copy has of its own where all else, the SOD too, is the genuine card's: a public file (with the private key that fits
 * it), only the private key of the signature, or a device proof that the genuine card once gave to somebody else.
 */
export type OwnPart =
  | 'nis'
  | 'document-number'
  | 'certificate'
  | 'device-key'
  | 'anti-clone-key'
  | 'signature-key'
  | 'old-device-proof';

/** What the panel wants to be wrong inside the card; read at each command. `own` is for tests only. */
export type CardTrouble = { -readonly [What in keyof AppletTrouble]: AppletTrouble[What] } & {
  own?: OwnPart;
};

/** A card in someone's hand: an ATR, a power switch, and an answer to each command. */
export interface EmulatedCard {
  readonly kind: CardKind;
  readonly atr: Uint8Array;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  readonly trouble: CardTrouble;
  /** On: a fresh card. Off: everything in volatile memory is gone. Tries stay. */
  power(on: boolean): void;
  /** One command, one answer that ends with SW1 SW2. */
  answer(apdu: Uint8Array): Uint8Array;
}

const check = (bytes: readonly number[]) => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** `3B 8n 80 01 <historical bytes> TCK`: how a PC/SC reader shows a contactless card (cie-card.md 1). */
export function contactlessAtr(historical: Uint8Array): Uint8Array {
  const body = [0x80 + historical.length, 0x80, 0x01, ...historical];
  return Uint8Array.from([0x3b, ...body, check(body)]);
}

/** ATR of a contact card with that one protocol; T=0 alone has no check byte. */
export function contactAtr(protocol: 'T=0' | 'T=1', historical: Uint8Array): Uint8Array {
  if (protocol === 'T=0') return Uint8Array.from([0x3b, 0x10 + historical.length, 0x11, ...historical]);
  const body = [0xf0 + historical.length, 0x18, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x45, ...historical];
  return Uint8Array.from([0x3b, ...body, check(body)]);
}
