import type { PictureFrame } from '@jolly/contracts/terminal-channel';
import type { Clock } from '@jolly/contracts/values';
import type { ScreenPictures } from './port.ts';

/** Drawing a large screen takes a slow machine seconds. */
const DRAWN_MS = 20_000;

export interface ScreenPicture {
  readonly type: 'image/webp' | 'image/png';
  readonly content: Uint8Array;
}
/** Why there is none. */
export type NoPicture = Extract<PictureFrame, { type: 'no-picture' }>['why'] | 'no-screen' | 'screen-silent';

interface Asked {
  readonly id: number;
  readonly screen: object;
  readonly parts: Buffer[];
  readonly end: (picture: ScreenPicture | NoPicture) => void;
}

/** Asks the screen that came last to draw itself, one at a time, and puts the parts together. What was not asked for is let fall. */
export class Pictures implements ScreenPictures {
  readonly #clock: Clock;
  readonly #screens: { readonly draw: (id: number) => void }[] = [];
  #asked: Asked | undefined;
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attach(draw: (id: number) => void): () => void {
    const screen = { draw };
    this.#screens.push(screen);
    return () => {
      this.#screens.splice(this.#screens.indexOf(screen), 1);
      if (this.#asked?.screen === screen) this.#asked.end('no-screen');
    };
  }

  ask(): Promise<ScreenPicture | NoPicture> {
    const screen = this.#screens.at(-1);
    if (!screen) return Promise.resolve('no-screen');
    this.#asked?.end('screen-silent');
    return new Promise((resolve) => {
      const cancel = this.#clock.after(DRAWN_MS, () => this.#asked?.end('screen-silent'));
      const id = this.#next++;
      this.#asked = {
        id,
        screen,
        parts: [],
        end: (picture) => {
          cancel();
          this.#asked = undefined;
          resolve(picture);
        },
      };
      screen.draw(id);
    });
  }

  take(frame: PictureFrame): void {
    const asked = this.#asked;
    if (asked?.id !== frame.id) return;
    if (frame.type === 'no-picture') asked.end(frame.why);
    else if (frame.part !== asked.parts.length) asked.end('not-drawn');
    else {
      asked.parts.push(Buffer.from(frame.data, 'base64'));
      if (asked.parts.length < frame.parts) return;
      asked.end({ type: frame.image, content: Buffer.concat(asked.parts) });
    }
  }
}
