/** The upper halves (80–FF) of the code pages a kiosk printer is met with, by Epson's page numbers (printing.md 1). */
const pc437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
const pc850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';
// IBM's 857 leaves D5 free; printers put the euro there, as in 858 (seen in escpos.json `streams`).
const pc857 =
  'ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ\ufffd×ÚÛÙìÿ¯´\u00ad±\ufffd¾¶§÷¸°¨·¹³²■\u00a0';
const wpc1252 =
  '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ';
/** Katakana: clients draw their rules with its box signs. What lies beyond the letters is left out. */
const katakana = [
  ...'▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯\u00a0',
  ...Array.from({ length: 63 }, (_, at) => String.fromCharCode(0xff61 + at)),
];
/** 850 with the dotless i at D5 given up for the euro. */
const pc858 = pc850.replace('ı', '€');

const pages: ReadonlyMap<number, readonly string[]> = new Map([
  [0, [...pc437]],
  [1, katakana],
  [2, [...pc850]],
  [13, [...pc857]],
  [16, [...wpc1252]],
  [19, [...pc858]],
]);

export const PC858 = 19;

/** The character a printer draws for a byte of a page; U+FFFD for a page or place we do not know. */
export function characterOf(page: number, byte: number): string {
  if (byte < 0x80) return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '\ufffd';
  return pages.get(page)?.[byte - 0x80] ?? '\ufffd';
}

const encoded = new Map([...pc858].map((character, at) => [character, at + 0x80] as const));

/** Signs without a place in 858 that have a plain spelling; the rest loses its accents, then becomes `?`. */
const spelled: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': ',',
  '‛': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '′': "'",
  '″': '"',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
  '−': '-',
  '…': '...',
  '•': '*',
  '™': '(TM)',
  '№': 'N.',
  ı: 'i',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'Ð',
  œ: 'oe',
  Œ: 'OE',
  ẞ: 'SS',
  ə: 'e',
};

/**
 * Text → bytes of code page 858. Letters it lacks are written as near as it can: `ł` as `l`, `ș` as `s`, quotes
 * straight; what has no likeness becomes `?`. Control characters become spaces: no text can be a command. Total.
 */
export function encodePc858(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text.normalize('NFC')) encodeCharacter(character, bytes);
  return Uint8Array.from(bytes);
}

/** The text as it will be read on paper: what `encodePc858` makes of it, back as text. */
export function asPrinted(text: string): string {
  return Array.from(encodePc858(text), (byte) => characterOf(PC858, byte)).join('');
}

function encodeCharacter(character: string, bytes: number[]): void {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) {
    bytes.push(code);
    return;
  }
  // Characters without an advance of their own (joiners, variation selectors, lone marks) take no place on paper.
  if (/^[\p{Cf}\p{Mn}\p{Me}]$/u.test(character) && character !== '\u00ad') return;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || /^\p{Z}$/u.test(character))
    return void bytes.push(0x20);
  const direct = encoded.get(character);
  if (direct !== undefined) {
    bytes.push(direct);
    return;
  }
  const plain = spelled[character] ?? character.normalize('NFKD').replace(/\p{Mn}/gu, '');
  if (plain === character || plain === '') {
    bytes.push(0x3f);
    return;
  }
  for (const part of plain) encodeCharacter(part, bytes);
}
