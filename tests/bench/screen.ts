import { DownFrame, type Intent, type Snapshot } from '@jolly/contracts/terminal-channel';
import { WebSocket } from 'ws';

/** A snapshot and when it came in, epoch ms with a fraction. */
export interface Seen {
  readonly at: number;
  readonly snapshot: Snapshot;
}

type Wanted = (snapshot: Snapshot) => boolean;

/** Epoch milliseconds with their fraction, on the clock that every process of this host shares. */
export const hostNow = (): number => performance.timeOrigin + performance.now();

/** The citizen's screen without its glass: the kiosk's own channel, by its one-time address, cookie and WebSocket. */
export class BenchScreen {
  readonly #socket: WebSocket;
  #last: Seen | undefined;
  #waiting: { readonly wanted: Wanted; readonly tell: (seen: Seen) => void } | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const at = hostNow();
      const frame = DownFrame.parse(JSON.parse(String(data)));
      // a key of the keypad or a piece of speech is for other screens
      if (frame.type === 'pad' || frame.type === 'voice' || frame.type === 'voice-end') return;
      if (frame.type !== 'snapshot')
        throw new Error(`the terminal refused a frame: ${JSON.stringify(frame)}`);
      this.#last = { at, snapshot: frame.snapshot };
      if (!this.#waiting?.wanted(frame.snapshot)) return;
      const { tell } = this.#waiting;
      this.#waiting = undefined;
      tell(this.#last);
    });
  }

  /** Joins with the address that the terminal printed; it works once. */
  static async join(kioskUrl: string): Promise<BenchScreen> {
    const answer = await fetch(kioskUrl, { redirect: 'manual' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    if (cookie === undefined) throw new Error(`the kiosk's address was refused: HTTP ${answer.status}`);
    const { origin } = new URL(kioskUrl);
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/channel`, { origin, headers: { cookie } });
    const screen = new BenchScreen(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return screen;
  }

  send(intent: Intent): void {
    this.#socket.send(JSON.stringify({ type: 'intent', intent }));
  }

  /** The first snapshot from now on (the present one counts) that is as wanted; throws with what was there instead. */
  until(what: string, wanted: Wanted, timeoutMs = 15_000): Promise<Seen> {
    if (this.#last && wanted(this.#last.snapshot)) return Promise.resolve(this.#last);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined;
        reject(
          new Error(
            `no ${what} in ${timeoutMs} ms; the screen shows ${JSON.stringify(this.#last?.snapshot)}`,
          ),
        );
      }, timeoutMs);
      const tell = (seen: Seen) => {
        clearTimeout(timer);
        resolve(seen);
      };
      this.#waiting = { wanted, tell };
    });
  }

  page<Name extends Snapshot['screen']['name']>(name: Name): Promise<Seen> {
    return this.until(`page ${name}`, ({ screen }) => screen.name === name);
  }

  close(): void {
    this.#socket.close();
  }
}
