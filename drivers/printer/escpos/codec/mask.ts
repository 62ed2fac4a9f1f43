import type { RecordingFramer, WireDirection, WireMask } from '../../../transport/index.ts';
import { type Command, CommandReader } from './commands.ts';
import { ReplySplitter } from './replies.ts';

/**
 * How ESC/POS is recorded: commands as they are, so that a job keeps its shape; every printed character, the content of every
 * code and every image is blanked. What is on a receipt is the citizen's.
 */

const BLANK = 0x78; // x
/** Bytes of a long command that say how long it is; the rest is an image or a code's content. */
const HEAD = 6;

const PREFIXES: Readonly<Record<string, number>> = { DLE: 0x10, ESC: 0x1b, FS: 0x1c, GS: 0x1d };

function headOf(name: string): readonly number[] {
  const [prefix = '', second = ''] = name.split(' ');
  return [PREFIXES[prefix] ?? 0, second.length === 1 ? second.charCodeAt(0) : Number.parseInt(second, 16)];
}

const rawOf = (command: Exclude<Command, { kind: 'refused' }>): readonly number[] => {
  if (command.kind === 'text') return [...command.bytes];
  if (command.kind === 'control') return [command.byte];
  return [...headOf(command.name), ...command.parameters];
};

function maskedParameters(name: string, parameters: Uint8Array): readonly number[] | undefined {
  // the widths of drawn characters stand among their dots
  if (name === 'ESC &') return undefined;
  if (name === 'GS k') {
    const counted = (parameters[0] ?? 0) > 6;
    return Array.from(parameters, (byte, at) =>
      at === 0 || (counted && at === 1) || (!counted && byte === 0) ? byte : 0x30,
    );
  }
  if (parameters.length <= HEAD || name === 'ESC D') return [...parameters];
  const blank = name === 'GS (' ? BLANK : 0;
  return Array.from(parameters, (byte, at) => (at < HEAD ? byte : blank));
}

function masked(command: Command): readonly number[] {
  if (command.kind === 'refused') return [];
  if (command.kind === 'text') return Array.from(command.bytes, (byte) => (byte === 0x20 ? byte : BLANK));
  if (command.kind === 'control') return [command.byte];
  const parameters = maskedParameters(command.name, command.parameters);
  return parameters === undefined ? [] : [...headOf(command.name), ...parameters];
}

/** Everything understood of one write is one frame: a job is a line of the recording, not a thousand. */
class JobFramer implements RecordingFramer {
  readonly #reader = new CommandReader();

  get pending(): number {
    return this.#reader.pending;
  }

  push(bytes: Uint8Array): readonly (Uint8Array | number)[] {
    const pieces: (Uint8Array | number)[] = [];
    let whole: number[] = [];
    const close = () => {
      if (whole.length > 0) pieces.push(Uint8Array.from(whole));
      whole = [];
    };
    for (const command of this.#reader.push(bytes)) {
      if (command.kind === 'refused') {
        close();
        pieces.push(command.bytes.length);
      } else for (const byte of rawOf(command)) whole.push(byte);
    }
    close();
    return pieces;
  }
}

class ReplyFramer implements RecordingFramer {
  readonly #splitter: ReplySplitter;
  #taken = 0;
  #given = 0;

  constructor(fullStatus: boolean) {
    this.#splitter = new ReplySplitter({ fullStatus });
  }

  get pending(): number {
    return this.#taken - this.#given;
  }

  push(bytes: Uint8Array): readonly (Uint8Array | number)[] {
    this.#taken += bytes.length;
    return this.#splitter.push(bytes).map((reply) => {
      const piece = pieceOf(reply);
      this.#given += typeof piece === 'number' ? piece : piece.length;
      return piece;
    });
  }
}

function pieceOf(reply: ReturnType<ReplySplitter['push']>[number]): Uint8Array | number {
  switch (reply.reply) {
    case 'stray':
      return 1;
    case 'flow':
      return Uint8Array.of(reply.go ? 0x11 : 0x13);
    case 'dle-eot':
      return Uint8Array.of(reply.byte);
    case 'status':
      // sensors stand in the low half; the high half says nothing, and would let letters through
      return Uint8Array.of(reply.byte & 0x0f);
    case 'block':
      return Uint8Array.of(reply.header, ...reply.bytes, 0);
    default:
      return reply.bytes;
  }
}

/** `fullStatus`: the printer answers Custom's full status (see `ReplySplitter`). */
export function escposMask(fullStatus: boolean): WireMask {
  return {
    framer: (direction: WireDirection) =>
      direction === 'out' ? new JobFramer() : new ReplyFramer(fullStatus),
    mask: (direction, frame) =>
      direction === 'in' ? frame : Uint8Array.from(new CommandReader().push(frame).flatMap(masked)),
  };
}
