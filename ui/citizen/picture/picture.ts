import { MOST_PICTURE_PARTS, PICTURE_PART_BYTES, type PictureFrame } from '@jolly/contracts/terminal-channel';

export interface DrawPorts {
  /** Somebody is being served: nothing is drawn. */
  readonly inSession: () => boolean;
  readonly draw: () => Promise<Blob>;
  readonly send: (frame: PictureFrame) => void;
}

/** Answers one `draw`: the picture in parts, or why there is none. Who comes while it is drawn is not on it. */
export async function answerDraw(id: number, { inSession, draw, send }: DrawPorts): Promise<void> {
  if (inSession()) return send({ type: 'no-picture', id, why: 'citizen-in-session' });
  let bytes: Uint8Array;
  let type: string;
  try {
    const blob = await draw();
    type = blob.type;
    bytes = new Uint8Array(await blob.arrayBuffer());
  } catch (error) {
    console.warn(`the screen was not drawn: ${String(error)}`);
    return send({ type: 'no-picture', id, why: 'not-drawn' });
  }
  if (inSession()) return send({ type: 'no-picture', id, why: 'citizen-in-session' });
  // where a browser does not know WebP it gives PNG
  const image = type === 'image/webp' ? 'image/webp' : 'image/png';
  const parts = Math.ceil(bytes.length / PICTURE_PART_BYTES);
  if (parts === 0) return send({ type: 'no-picture', id, why: 'not-drawn' });
  if (parts > MOST_PICTURE_PARTS) return send({ type: 'no-picture', id, why: 'too-large' });
  for (let part = 0; part < parts; part++) {
    const piece = bytes.subarray(part * PICTURE_PART_BYTES, (part + 1) * PICTURE_PART_BYTES);
    send({ type: 'picture', id, part, parts, image, data: base64(piece) });
  }
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
