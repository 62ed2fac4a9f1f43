import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The drawn face of the invented citizens, 240 × 308; identity cards carry JPEG 2000. */
export function samplePhoto(kind: 'jpeg' | 'jpeg2000' = 'jpeg2000'): Uint8Array {
  const file = kind === 'jpeg' ? 'face.jpg' : 'face.jp2';
  return new Uint8Array(readFileSync(join(import.meta.dirname, 'photos', file)));
}
