import {
  type DownFrame,
  MOST_PICTURE_PARTS,
  type PictureFrame,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { converse, newTally } from './conversation.ts';
import { Pictures } from './pictures.ts';
import { noAids, noSecrets } from './port.ts';

const part = (id: number, index: number, parts: number, text: string): PictureFrame => ({
  type: 'picture',
  id,
  part: index,
  parts,
  image: 'image/webp',
  data: Buffer.from(text).toString('base64'),
});

function bench() {
  const clock = new ManualClock();
  const pictures = new Pictures(clock);
  const drawn: number[] = [];
  return { clock, pictures, drawn, attach: () => pictures.attach((id) => void drawn.push(id)) };
}

describe('a picture of the screen', () => {
  it('is put together from its parts', async () => {
    const { pictures, drawn, attach } = bench();
    attach();
    const asked = pictures.ask();
    const [id = 0] = drawn;
    pictures.take(part(id + 1, 0, 1, 'forged'));
    pictures.take(part(id, 0, 2, 'one '));
    pictures.take(part(id, 1, 2, 'two'));
    pictures.take(part(id, 0, 1, 'late'));
    expect(await asked).toEqual({ type: 'image/webp', content: Buffer.from('one two') });
  });

  it('is a word where there is none', async () => {
    const { clock, pictures, drawn, attach } = bench();
    expect(await pictures.ask()).toBe('no-screen');
    const detach = attach();
    const refused = pictures.ask();
    pictures.take({ type: 'no-picture', id: drawn.at(-1) ?? 0, why: 'citizen-in-session' });
    expect(await refused).toBe('citizen-in-session');
    const silent = pictures.ask();
    clock.advance(60_000);
    expect(await silent).toBe('screen-silent');
    const muddled = pictures.ask();
    pictures.take(part(drawn.at(-1) ?? 0, 1, 2, 'second first'));
    expect(await muddled).toBe('not-drawn');
    const gone = pictures.ask();
    detach();
    expect(await gone).toBe('no-screen');
  });

  it('is asked and answered on the screen’s own channel, within the size of a frame', async () => {
    const { pictures } = bench();
    const sent: DownFrame[] = [];
    const talk = converse(
      { send: (text) => void sent.push(JSON.parse(text) as DownFrame) },
      {
        snapshot: () => ({ v: 1, seq: 0 }) as unknown as Snapshot,
        onSnapshot: () => () => undefined,
        intent: () => undefined,
      },
      noSecrets,
      newTally(),
      { ...noAids, pictures },
    );
    const asked = pictures.ask();
    const draw = sent.find((frame) => frame.type === 'draw');
    talk.receive(JSON.stringify(part(draw?.id ?? 0, 0, 1, 'x'.repeat(9000))));
    expect(await asked).toMatchObject({ type: 'image/webp' });
    const again = pictures.ask();
    talk.receive(JSON.stringify(part((draw?.id ?? 0) + 1, 0, MOST_PICTURE_PARTS + 1, 'x')));
    talk.end();
    expect(await again).toBe('no-screen');
  });
});
