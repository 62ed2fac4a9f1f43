import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { writeDurably } from './durable-file.ts';

const SLOT_BYTES = 2048;
const HASH_CHARS = 64;

/**
 * A short text that can be replaced also when the disk is full: two places in a file that is made once, written in turn and in place, each
 * with a count and a hash. After a power cut it holds the old text or the new one. Throws the system's error.
 */
export class DurableSlots {
  readonly #path: string;
  #count = 0;
  #text: string | undefined;

  constructor(path: string) {
    this.#path = path;
    if (!existsSync(path)) return;
    const file = openSync(path, 'r');
    try {
      for (const slot of [0, 1]) {
        const bytes = Buffer.alloc(SLOT_BYTES);
        readSync(file, bytes, 0, SLOT_BYTES, slot * SLOT_BYTES);
        const found = parse(bytes.toString('utf8'));
        if (found && found.count > this.#count) [this.#count, this.#text] = [found.count, found.text];
      }
    } finally {
      closeSync(file);
    }
  }

  /** What was written last; undefined before the first time, or when neither place is sound. */
  get text(): string | undefined {
    return this.#text;
  }

  write(text: string): void {
    const count = this.#count + 1;
    const line = `${hashOf(count, text)} ${count} ${text}`;
    const bytes = Buffer.alloc(SLOT_BYTES, ' ');
    if (bytes.write(line) < Buffer.byteLength(line)) throw new RangeError('too long for its place');
    if (!existsSync(this.#path)) writeDurably(this.#path, Buffer.alloc(2 * SLOT_BYTES, ' '));
    const file = openSync(this.#path, 'r+');
    try {
      writeSync(file, bytes, 0, SLOT_BYTES, (count % 2) * SLOT_BYTES);
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
    this.#count = count;
    this.#text = text;
  }
}

const hashOf = (count: number, text: string): string =>
  createHash('sha256').update(`${count} ${text}`).digest('hex');

function parse(slot: string): { readonly count: number; readonly text: string } | undefined {
  const line = slot.trimEnd();
  const [number = ''] = line.slice(HASH_CHARS + 1).split(' ', 1);
  const count = Number(number);
  const text = line.slice(HASH_CHARS + 2 + number.length);
  return Number.isSafeInteger(count) && line.slice(0, HASH_CHARS) === hashOf(count, text)
    ? { count, text }
    : undefined;
}
