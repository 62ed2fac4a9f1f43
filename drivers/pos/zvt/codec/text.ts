/** What a terminal writes with. Neither is negotiated by this driver: terminals use CP437, some Latin-1 (pos.md 2). */
export const textEncodings = ['auto', 'cp437', 'latin1'] as const;
export type TextEncoding = (typeof textEncodings)[number];

/** Upper half of code page 437. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
  'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const cp437Codes = new Map(Array.from(CP437, (letter, at) => [letter, 0x80 + at]));
const REPLACEMENT = 0x3f;
/** Sharp s in CP437, á in Latin-1: it tells nothing. */
const AMBIGUOUS = 0xe1;

/**
 * Which of the two these texts were written in. Letters with accents lie at 80–A5 in CP437, where Latin-1 has controls and signs,
 * and at C0–FF in Latin-1, where CP437 has frames and Greek. All texts of a receipt are judged together.
 */
export function encodingOf(texts: readonly Uint8Array[]): 'cp437' | 'latin1' {
  let latin = false;
  for (const text of texts) {
    for (const byte of text) {
      if (byte >= 0x80 && byte <= 0x9f) return 'cp437';
      if (byte >= 0xc0 && byte !== AMBIGUOUS) latin = true;
    }
  }
  return latin ? 'latin1' : 'cp437';
}

export function decodeText(bytes: Uint8Array, encoding: 'cp437' | 'latin1'): string {
  let text = '';
  for (const byte of bytes) {
    text += byte < 0x80 || encoding === 'latin1' ? String.fromCharCode(byte) : (CP437[byte - 0x80] as string);
  }
  return text;
}

/** Texts of one message or receipt; `auto` looks at them all. */
export function decodeTexts(texts: readonly Uint8Array[], encoding: TextEncoding = 'auto'): string[] {
  const chosen = encoding === 'auto' ? encodingOf(texts) : encoding;
  return texts.map((text) => decodeText(text, chosen));
}

/** What the encoding does not have becomes a question mark. */
export function encodeText(text: string, encoding: 'cp437' | 'latin1' = 'cp437'): Uint8Array {
  return Uint8Array.from(text, (letter) => {
    const code = letter.charCodeAt(0);
    if (code < 0x80) return code;
    if (encoding === 'latin1') return code <= 0xff ? code : REPLACEMENT;
    return cp437Codes.get(letter) ?? REPLACEMENT;
  });
}
