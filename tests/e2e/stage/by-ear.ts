import { UpFrame } from '@jolly/contracts/terminal-channel';
import { sleep, systemClock } from '@jolly/contracts/values';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

type Key = 'up' | 'down' | 'left' | 'right' | 'ok' | 'back' | 'repeat' | 'help' | 'volume-up' | 'volume-down';
type Said = Extract<UpFrame, { type: 'say' }>;

/** So many steps on one page without coming round to what is sought: it is not there. */
const MOST_STEPS = 40;

/** A key twice sooner than this is a tremor. */
const STEP_MS = 100;
/** Longer than this nobody waits for an answer to a key. */
const ANSWER_MS = 3000;

/** The end of the sentence that tells what has the focus. */
const PLACE = /, \d+ di \d+\.?$/;

/**
 * A person who hears the terminal and feels its keys, and knows nothing else of the screen: only what the page asked the voice to
 * say, in order.
 */
export class Listener {
  readonly #stage: Stage;
  readonly #said: Said[] = [];
  /** What was heard up to here is known. */
  #from = 0;

  private constructor(stage: Stage) {
    this.#stage = stage;
    stage.page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const frame = UpFrame.parse(JSON.parse(String(payload)));
        if (frame.type === 'say') this.#said.push(frame);
      }),
    );
  }

  /** Sits down in front of a screen that is loaded anew, so that nothing said is missed. */
  static async sit(stage: Stage): Promise<Listener> {
    const listener = new Listener(stage);
    await stage.page.reload();
    await stage.on('home');
    return listener;
  }

  get all(): readonly Said[] {
    return this.#said;
  }

  /** Waits until these words are said, after everything that was waited for before; gives the sentence. */
  async hear(words: string | RegExp, withinMs = 25_000): Promise<string> {
    const matches = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
    let found = -1;
    await until(
      `«${words}» is said`,
      async () => {
        found = this.#said.findIndex((said, at) => at >= this.#from && matches(said.text));
        if (found >= 0) return true;
        throw new Error(
          this.#said
            .slice(-4)
            .map(({ text }) => text)
            .join(' | '),
        );
      },
      withinMs,
    );
    this.#from = found + 1;
    return this.#said[found]?.text ?? '';
  }

  /**
   * Where a step has led. What else is just being said may come in between, so only a place among others is an answer; one that
   * does not come is no answer, and a person steps on.
   */
  async #place(since: number): Promise<string | undefined> {
    const end = performance.now() + ANSWER_MS;
    while (performance.now() < end) {
      const heard = this.#said.slice(since).find(({ text }) => PLACE.test(text));
      if (heard) return heard.text;
      await sleep(systemClock, STEP_MS / 4);
    }
    return undefined;
  }

  press(key: Key): Promise<unknown> {
    return this.#stage.devices.keypad({ action: 'press', key, holdMs: 20 });
  }

  type(digits: string): Promise<unknown> {
    return this.#stage.devices.keypad({ action: 'type', digits });
  }

  /** Steps on until a choice by that name is said to have the focus, as "…, 2 di 4" tells; then chooses it. */
  async choose(name: string): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step++) {
      const before = this.#said.length;
      await sleep(systemClock, STEP_MS);
      await this.press('down');
      const here = await this.#place(before);
      if (!here?.includes(name)) continue;
      this.#from = this.#said.length;
      await this.press('ok');
      return;
    }
    throw new Error(
      `«${name}» is never said: ${this.#said
        .slice(-MOST_STEPS)
        .map(({ text }) => text)
        .join(' | ')}`,
    );
  }
}
