import { DEFAULT_PREFERENCES, Language, Preferences, SpeechSpeed, Theme } from '../terminal-channel/index.ts';

/**
 * How a citizen wants to see and hear, as the text of a QR code: `JOLLY1:` and twelve characters of base 32. It holds
 * the choices of `Preferences` and nothing else: no name, no place, no day, the same text for everybody with the same choices.
 *
 * 60 bits, first the highest: 45 of payload, 15 of CRC-15/CAN over the text before it. Every field has room to grow:
 * language 6, scale 3, theme 4, speed 4, volume 5, then one bit each for lowered, left hand, listen, calm, more time,
 * alphabetical keys; 17 spare bits that are 0. The version is in the mark: another layout is another mark.
 */
const MARK = 'JOLLY1:';
/** RFC 4648 letters: all of them, and the mark, are in QR's alphanumeric set. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const CHARACTERS = 12;
const PAYLOAD_BITS = 45;
const CRC_BITS = 15;

const SCALES = [1, 1.5, 2] as const;
const THEMES = Theme.options;
const LANGUAGES = Language.options;
const SPEEDS = SpeechSpeed.options.map((option) => option.value);
const FLAGS = ['lowered', 'left', 'listen', 'calm', 'moreTime', 'abcKeys'] as const;
const WIDTHS = [6, 3, 4, 4, 5, 1, 1, 1, 1, 1, 1] as const;

/** Whether a scanned text says that it is a preferences code, of whatever version, whole or broken. */
export const isPreferencesCode = (text: string): boolean => /^JOLLY\d+:/i.test(text.trim());

/** The text of the code. */
export function writePreferences(preferences: Preferences): string {
  const flags: Readonly<Record<(typeof FLAGS)[number], boolean>> = {
    ...preferences,
    left: preferences.hand === 'left',
  };
  const fields = [
    LANGUAGES.indexOf(preferences.language),
    SCALES.indexOf(preferences.textScale),
    THEMES.indexOf(preferences.theme),
    SPEEDS.indexOf(preferences.speed),
    preferences.volume,
    ...FLAGS.map((flag) => (flags[flag] ? 1 : 0)),
  ];
  let bits = '';
  for (const [at, width] of WIDTHS.entries()) bits += (fields[at] ?? 0).toString(2).padStart(width, '0');
  const payload = bits.padEnd(PAYLOAD_BITS, '0');
  const all = payload + crc15(payload).toString(2).padStart(CRC_BITS, '0');
  let text = MARK;
  for (let at = 0; at < all.length; at += 5) text += BASE32.charAt(Number.parseInt(all.slice(at, at + 5), 2));
  return text;
}

/** Reads a code; undefined for one that is broken, of another version, or says something nobody can choose. Never throws. */
export function readPreferences(text: string): Preferences | undefined {
  const code = text.trim().toUpperCase();
  if (!code.startsWith(MARK) || code.length !== MARK.length + CHARACTERS) return undefined;
  let all = '';
  for (const character of code.slice(MARK.length)) {
    const value = BASE32.indexOf(character);
    if (value < 0) return undefined;
    all += value.toString(2).padStart(5, '0');
  }
  const payload = all.slice(0, PAYLOAD_BITS);
  if (crc15(payload) !== Number.parseInt(all.slice(PAYLOAD_BITS), 2)) return undefined;
  const fields: number[] = [];
  let at = 0;
  for (const width of WIDTHS) {
    fields.push(Number.parseInt(payload.slice(at, at + width), 2));
    at += width;
  }
  if (payload.slice(at).includes('1')) return undefined;
  const [language = 0, scale = 0, theme = 0, speed = 0, volume = 0, ...flags] = fields;
  const flag = (name: (typeof FLAGS)[number]) => flags[FLAGS.indexOf(name)] === 1;
  return Preferences.safeParse({
    ...DEFAULT_PREFERENCES,
    language: LANGUAGES[language],
    textScale: SCALES[scale],
    theme: THEMES[theme],
    speed: SPEEDS[speed],
    volume,
    lowered: flag('lowered'),
    hand: flag('left') ? 'left' : 'right',
    listen: flag('listen'),
    calm: flag('calm'),
    moreTime: flag('moreTime'),
    abcKeys: flag('abcKeys'),
  } satisfies Record<keyof Preferences, unknown>).data;
}

/** CRC-15/CAN (polynomial 0x4599, start 0) over the mark and a string of bits: finds every change of up to five bits. */
function crc15(bits: string): number {
  let crc = 0;
  const feed = (bit: number) => {
    const top = ((crc >> 14) & 1) ^ bit;
    crc = (crc << 1) & 0x7fff;
    if (top) crc ^= 0x4599;
  };
  for (const character of MARK) {
    for (let shift = 7; shift >= 0; shift -= 1) feed((character.charCodeAt(0) >> shift) & 1);
  }
  for (const bit of bits) feed(bit === '1' ? 1 : 0);
  return crc;
}
