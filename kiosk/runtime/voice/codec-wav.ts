/** What the head of a WAV stream says about the samples after it. */
export interface WavHead {
  readonly hz: number;
  /** Where the samples begin, bytes from the start. */
  readonly from: number;
}

export type WavReading =
  | { readonly read: 'more' }
  | { readonly read: 'refused'; readonly why: string }
  | { readonly read: 'head'; readonly head: WavHead };

const PCM = 1;
const CHUNK_HEAD = 8;
/** Chunks before the samples are a few hundred bytes at most; a stream that has none by then is no WAV. */
const LONGEST_HEAD = 4096;

const textAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * Reads the head of a WAV stream: RIFF, `fmt ` with 16-bit PCM of one channel, then `data`. The lengths of RIFF and `data`
 * are not believed: an engine that streams does not know them.
 */
export function readWavHead(bytes: Uint8Array): WavReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return { read: 'more' };
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WAVE') return { read: 'refused', why: 'not WAV' };
  let hz: number | undefined;
  for (let at = 12; at + CHUNK_HEAD <= bytes.length; ) {
    const name = textAt(bytes, at);
    const length = view.getUint32(at + 4, true);
    const from = at + CHUNK_HEAD;
    if (name === 'data') {
      return hz === undefined
        ? { read: 'refused', why: 'samples before their format' }
        : { read: 'head', head: { hz, from } };
    }
    if (name === 'fmt ') {
      if (from + 16 > bytes.length) return { read: 'more' };
      const [format, channels] = [view.getUint16(from, true), view.getUint16(from + 2, true)];
      const bits = view.getUint16(from + 14, true);
      if (format !== PCM || channels !== 1 || bits !== 16)
        return { read: 'refused', why: `format ${format}, ${channels} channels, ${bits} bits` };
      hz = view.getUint32(from + 4, true);
    }
    // chunks are padded to even lengths
    at = from + length + (length % 2);
    if (at > LONGEST_HEAD) return { read: 'refused', why: 'no samples' };
  }
  return bytes.length > LONGEST_HEAD ? { read: 'refused', why: 'no samples' } : { read: 'more' };
}
