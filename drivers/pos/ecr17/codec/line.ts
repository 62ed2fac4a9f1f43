import { FrameReader, type WireErrorCode, type WireItem } from './frames.ts';
import type { LrcMode } from './lrc.ts';
import { decodeFromEcr, decodeFromPos } from './payload.ts';

/** One thing read on the wire, as plain JSON: `wire` says what it is, a frame carries the fields of its message. */
export type DecodedWire = { readonly wire: WireItem['wire'] } & Readonly<Record<string, unknown>>;

const causes: Readonly<Record<WireErrorCode, string>> = {
  ECR17_LRC: 'the check byte of a packet is wrong: answer NAK and expect it again',
  ECR17_CONTROL_LRC: 'the check byte is wrong: not an acknowledgement',
  ECR17_TRUNCATED: 'a packet was cut by the start of another one',
  ECR17_TOO_LONG: 'a packet has no end within any length known',
  ECR17_NOISE: 'bytes that start no packet',
};

const failure = (code: string, message: string, more: Record<string, unknown> = {}): DecodedWire => ({
  wire: 'error',
  error: { code, message },
  ...more,
});

function describe(item: WireItem, from: 'pos' | 'ecr'): DecodedWire {
  const skipped = item.skipped > 0 ? { skipped: item.skipped } : {};
  switch (item.wire) {
    case 'frame': {
      const message = from === 'pos' ? decodeFromPos(item.payload) : decodeFromEcr(item.payload);
      if (!('error' in message)) return { wire: 'frame', ...message, ...skipped };
      return failure(message.error.code, message.error.message, skipped);
    }
    case 'progress':
      return { wire: 'progress', text: item.text, ...skipped };
    case 'error':
      return failure(item.code, causes[item.code], {
        ...(item.fits && { lrcThatFits: item.fits }),
        ...skipped,
      });
    default:
      return { wire: item.wire, ...skipped };
  }
}

/**
 * Reads one record of a wire log (hex, blanks allowed) into the messages it holds, for `jolly decode ecr17`. Text that is not
 * hex gives one `error`. `lrcThatFits` on a wrong check byte names the mode in which it would be right.
 */
export function decodeEcr17Line(
  hex: string,
  options: { readonly lrc: LrcMode; readonly from?: 'pos' | 'ecr' },
): DecodedWire[] {
  const digits = hex.replace(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits))
    return [failure('HEX_INVALID', 'the record is not hexadecimal bytes')];
  if (digits === '') return [failure('HEX_EMPTY', 'the record is empty')];
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  }
  const reader = new FrameReader(options.lrc);
  return [...reader.push(bytes), ...reader.end()].map((item) => describe(item, options.from ?? 'pos'));
}
