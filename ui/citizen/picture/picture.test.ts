import { PICTURE_PART_BYTES, type PictureFrame, UpFrame } from '@jolly/contracts/terminal-channel';
import { describe, expect, it, vi } from 'vitest';
import { answerDraw } from './index.ts';

async function answer(bytes: Uint8Array<ArrayBuffer>, sessions: boolean[] = [], fails = false) {
  const sent: PictureFrame[] = [];
  await answerDraw(7, {
    inSession: () => sessions.shift() ?? false,
    draw: async () => {
      if (fails) throw new Error('no canvas');
      return new Blob([bytes], { type: 'image/webp' });
    },
    send: (frame) => sent.push(frame),
  });
  return sent;
}

describe('a picture of the screen', () => {
  it('goes in parts that the runtime takes, and is whole together', async () => {
    const bytes = new Uint8Array(PICTURE_PART_BYTES * 2 + 5).map((_, index) => index % 251);
    const sent = await answer(bytes);
    expect(sent).toHaveLength(3);
    const parts = sent.map((frame) => {
      expect(UpFrame.safeParse(frame).success).toBe(true);
      return frame.type === 'picture' ? Buffer.from(frame.data, 'base64') : Buffer.alloc(0);
    });
    expect(Buffer.concat(parts).equals(Buffer.from(bytes))).toBe(true);
  });

  it('is not drawn while somebody is served, nor sent when they came meanwhile', async () => {
    const refused = [{ type: 'no-picture', id: 7, why: 'citizen-in-session' }];
    expect(await answer(new Uint8Array(10), [true])).toEqual(refused);
    expect(await answer(new Uint8Array(10), [false, true])).toEqual(refused);
  });

  it('that cannot be drawn, or is too large, is a word', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(await answer(new Uint8Array(10), [], true)).toMatchObject([{ why: 'not-drawn' }]);
    expect(await answer(new Uint8Array(0))).toMatchObject([{ why: 'not-drawn' }]);
    expect(await answer(new Uint8Array(5_000_000))).toMatchObject([{ why: 'too-large' }]);
  });
});
