import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** One thing that must not be in a process, in every form in which a program may hold it. */
export interface Needle {
  readonly name: string;
  readonly forms: readonly Buffer[];
  /** Bytes a letter, of the forms that are text: six digits inside a longer number (a time, an amount) are nobody's secret. */
  readonly alone?: readonly (1 | 2 | undefined)[];
}

/** Fewer digits than this are met by chance inside the thousands of times that a process keeps. */
const TELLING = 8;

/** Digits as ASCII, as UTF-16, as bare numbers and as the two ways an array of small numbers lies in a JavaScript heap. */
export function digitsNeedle(name: string, digits: string): Needle {
  const numbers = [...digits].map(Number);
  const wide = (bytes: number, scale: number) => {
    const form = Buffer.alloc(numbers.length * bytes);
    for (const [at, digit] of numbers.entries()) form.writeUInt32LE(digit * scale, at * bytes);
    return form;
  };
  const forms = [Buffer.from(digits, 'latin1'), Buffer.from(digits, 'utf16le'), Buffer.from(numbers)];
  // a small integer of V8 is twice its value in 32 bits, or its value in the upper half of 64
  const all = [...forms, wide(4, 1), wide(4, 2), wide(8, 1)];
  return digits.length < TELLING ? { name, forms: all, alone: [1, 2] } : { name, forms: all };
}

export function wordsNeedle(name: string, words: string): Needle {
  return { name, forms: [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')] };
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether `bytes` stand in `seen`; with `letter`, not as a part of a longer number. */
export function stands(seen: Buffer, bytes: Buffer, letter?: 1 | 2): boolean {
  for (let at = seen.indexOf(bytes); at >= 0; at = seen.indexOf(bytes, at + 1)) {
    if (letter === undefined) return true;
    if (!isDigit(seen[at - letter]) && !isDigit(seen[at + bytes.length])) return true;
  }
  return false;
}

const CHUNK = 4 * 1024 * 1024;
const OVERLAP = 256;

/** Every place of a running process where one of the needles stands: readable and private memory, all of it (proc(5)). */
export function searchMemory(pid: number, needles: readonly Needle[]): readonly string[] {
  const found: string[] = [];
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.alloc(CHUNK + OVERLAP);
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const match = /^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ (\d+)\s*(.*)$/.exec(line);
      if (!match || match[4]?.startsWith('[v')) continue;
      // what is mapped from a file and never written is the program itself
      if (match[3] !== '0' && !/ rw/.test(line)) continue;
      const [from, to] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)];
      for (let at = from; at < to; at += CHUNK) {
        const wanted = Math.min(CHUNK + OVERLAP, to - at);
        let length = 0;
        try {
          length = readSync(memory, buffer, 0, wanted, at);
        } catch {
          continue; // a page that is reserved and not there: EIO
        }
        const seen = buffer.subarray(0, length);
        for (const { name, forms, alone } of needles) {
          for (const [form, bytes] of forms.entries()) {
            if (stands(seen, bytes, alone?.[form]))
              found.push(`${name} (form ${form}) near ${at.toString(16)} ${match[4]}`);
          }
        }
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}
