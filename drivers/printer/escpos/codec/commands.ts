import { prefixOf } from './lengths.ts';

/** The largest command taken: an image of the full width and 60 cm. A longer one is refused and its head skipped. */
export const MAX_COMMAND = 384 * 1024;

/** One command of the stream, or a stretch of printable bytes. */
export type Command =
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  /** `LF`, `CR`, `HT`, `FF`, `BS`, `CAN` and the other single bytes below 20. */
  | { readonly kind: 'control'; readonly byte: number }
  /** `name` is `ESC @`, `GS V`, `FS P`, or with hex where the second byte is no letter: `GS E0`. */
  | {
      readonly kind: 'command';
      readonly name: string;
      readonly parameters: Uint8Array;
      readonly length: number;
    }
  | {
      readonly kind: 'refused';
      readonly code: 'COMMAND_UNKNOWN' | 'COMMAND_TOO_LONG';
      readonly bytes: Uint8Array;
    };

/** A stretch of text is given on after this many bytes, so that none is held longer than a line or so. */
const MAX_TEXT = 256;

/**
 * ESC/POS bytes → commands, in any fragmentation. Holds at most one unfinished command (`MAX_COMMAND` bytes); a
 * prefix it does not know loses its two bytes and reading goes on, as printers do. Total: never throws.
 */
export class CommandReader {
  #buffer = new Uint8Array(1024);
  #start = 0;
  #end = 0;

  /** Bytes held of an unfinished command. */
  get pending(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): readonly Command[] {
    const commands: Command[] = [];
    // Fed in slices: what is held never grows past one command and one slice.
    for (let at = 0; at < bytes.length; at += 16_384) {
      this.#append(bytes.subarray(at, at + 16_384));
      for (;;) {
        const command = this.#next();
        if (!command) break;
        commands.push(command);
      }
    }
    return commands;
  }

  reset(): void {
    this.#start = 0;
    this.#end = 0;
  }

  #append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#buffer.length) {
      const held = this.#buffer.subarray(this.#start, this.#end);
      const wanted = held.length + bytes.length;
      const target =
        wanted * 2 > this.#buffer.length ? new Uint8Array(Math.max(1024, wanted * 2)) : this.#buffer;
      target.set(held, 0);
      this.#buffer = target;
      this.#end = held.length;
      this.#start = 0;
    }
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #next(): Command | undefined {
    const held = this.#buffer.subarray(this.#start, this.#end);
    const first = held[0];
    if (first === undefined) return undefined;
    const prefix = prefixOf(first);
    if (!prefix) return first < 0x20 || first === 0x7f ? this.#control(first) : this.#text(held);
    const second = held[1];
    if (second === undefined) return undefined;
    const rule = prefix.lengths.get(second);
    if (rule === undefined) return this.#refuse('COMMAND_UNKNOWN', held.slice(0, 2));
    const parameters = held.subarray(2);
    const length = typeof rule === 'number' ? rule : rule(parameters);
    if (length === 'more') return held.length > MAX_COMMAND ? this.#tooLong(held) : undefined;
    if (length > MAX_COMMAND) return this.#tooLong(held);
    if (parameters.length < length) return undefined;
    const name = `${prefix.name} ${second > 0x20 && second < 0x7f ? String.fromCharCode(second) : hex(second)}`;
    this.#start += 2 + length;
    return { kind: 'command', name, parameters: parameters.slice(0, length), length: 2 + length };
  }

  #control(byte: number): Command {
    this.#start += 1;
    return { kind: 'control', byte };
  }

  #text(held: Uint8Array): Command {
    let length = 1;
    while (length < Math.min(held.length, MAX_TEXT)) {
      const byte = held[length] ?? 0;
      if (byte < 0x20 || byte === 0x7f) break;
      length++;
    }
    this.#start += length;
    return { kind: 'text', bytes: held.slice(0, length) };
  }

  #tooLong(held: Uint8Array): Command {
    return this.#refuse('COMMAND_TOO_LONG', held.slice(0, 2));
  }

  #refuse(code: 'COMMAND_UNKNOWN' | 'COMMAND_TOO_LONG', bytes: Uint8Array): Command {
    this.#start += bytes.length;
    return { kind: 'refused', code, bytes };
  }
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
