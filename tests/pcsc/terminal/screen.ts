import { isDeepStrictEqual } from 'node:util';
import {
  DownFrame,
  type Intent,
  type LoginAction,
  type Screen,
  type ScreenName,
  type SecretField,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import { sleep, systemClock } from '@jolly/contracts/values';
import { WebSocket } from 'ws';
import { saidOn } from './words.ts';

type ScreenOf<Name extends ScreenName> = Extract<Screen, { name: Name }>;
type Facts<Name extends ScreenName> = Partial<Omit<ScreenOf<Name>, 'name'>>;

/** The same act sooner is taken for a bounce of the finger, as it should be (kiosk/runtime/session, citizens/pad). */
const BOUNCE_MS = 520;
const KEY_BOUNCE_MS = 90;

/**
 * The terminal's screen without a browser: the address that opens once, its cookie, the channel; intents and secret keys as the
 * page sends them. Holds no more than the last snapshot.
 */
export class HeadlessScreen {
  readonly #socket: WebSocket;
  readonly #sent = new Map<string, number>();
  readonly #waiting = new Set<() => void>();
  #snapshot: Snapshot | undefined;
  /** Pages as they came, without repeats of the same one. */
  #pages: Screen[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const frame = DownFrame.parse(JSON.parse(String(data)));
      if (frame.type === 'refused') throw new Error(`the terminal refused: ${JSON.stringify(frame.faults)}`);
      if (frame.type !== 'snapshot') return;
      this.#snapshot = frame.snapshot;
      if (!isDeepStrictEqual(this.#pages.at(-1), frame.snapshot.screen))
        this.#pages.push(frame.snapshot.screen);
      for (const look of [...this.#waiting]) look();
    });
  }

  static async open(address: string): Promise<HeadlessScreen> {
    const opened = await fetch(address, { redirect: 'manual' });
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    if (opened.status !== 303 || cookie === '')
      throw new Error(`the address does not open: ${opened.status}`);
    const { origin } = new URL(address);
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/channel`, { headers: { cookie, origin } });
    const screen = new HeadlessScreen(socket);
    await screen.until('the first page', () => true);
    return screen;
  }

  get snapshot(): Snapshot {
    if (!this.#snapshot) throw new Error('no page yet');
    return this.#snapshot;
  }

  /** Pages since the last `forget`. */
  get pages(): readonly Screen[] {
    return this.#pages;
  }

  forget(): void {
    this.#pages = this.#pages.slice(-1);
  }

  /** Waits for this page with these facts; then its Italian words must exist. */
  async on<Name extends ScreenName>(
    name: Name,
    facts: Facts<Name> = {},
    ms = 15_000,
  ): Promise<ScreenOf<Name>> {
    const here = (): boolean => {
      const { screen } = this.snapshot;
      return (
        screen.name === name &&
        Object.entries(facts).every(([fact, value]) =>
          isDeepStrictEqual((screen as Readonly<Record<string, unknown>>)[fact], value),
        )
      );
    };
    await this.until(`${name} ${JSON.stringify(facts)}`, here, ms);
    const { screen } = this.snapshot;
    saidOn(screen);
    return screen as ScreenOf<Name>;
  }

  /** Presses, not sooner than a finger could. */
  async press(intent: Intent): Promise<void> {
    await this.#notTooSoon(JSON.stringify(intent), BOUNCE_MS);
    this.#socket.send(JSON.stringify({ type: 'intent', intent }));
  }

  /** A way on that the page in front offers. */
  async choose(action: LoginAction): Promise<void> {
    const { screen } = this.snapshot;
    if (!('actions' in screen) || !(screen.actions as readonly string[]).includes(action))
      throw new Error(`${screen.name} does not offer ${action}`);
    await this.press({ type: 'login', action });
  }

  /** Types on the pad of that field, key by key. */
  async type(field: SecretField, digits: string): Promise<void> {
    await this.on('login-secret', { field, entered: 0 });
    for (const [at, key] of [...digits].entries()) {
      await this.#notTooSoon(`key ${key}`, KEY_BOUNCE_MS);
      this.#socket.send(JSON.stringify({ type: 'secret', field, key }));
      await this.on('login-secret', { field, entered: at + 1 });
      // counted from when it was taken: a busy terminal takes it later than it was sent
      this.#sent.set(`key ${key}`, performance.now());
    }
  }

  /** Where a pad asks, resolves when the next page is there. */
  async enter(field: SecretField): Promise<void> {
    await this.#notTooSoon('enter', BOUNCE_MS);
    const before = this.snapshot.screen;
    this.#socket.send(JSON.stringify({ type: 'secret', field, key: 'enter' }));
    if (before.name !== 'login-secret') return;
    await this.until('the page after enter', ({ screen }) => !isDeepStrictEqual(screen, before));
    this.#sent.set('enter', performance.now());
  }

  async submit(field: SecretField, digits: string): Promise<void> {
    await this.type(field, digits);
    await this.enter(field);
  }

  close(): void {
    this.#socket.terminate();
  }

  async #notTooSoon(what: string, ms: number): Promise<void> {
    const early = ms - (performance.now() - (this.#sent.get(what) ?? Number.NEGATIVE_INFINITY));
    if (early > 0) await sleep(systemClock, early);
    this.#sent.set(what, performance.now());
  }

  async until(what: string, holds: (snapshot: Snapshot) => boolean, ms = 15_000): Promise<void> {
    const came = await new Promise<boolean>((resolve) => {
      const finish = (result: boolean): void => {
        cancel();
        this.#waiting.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (this.#snapshot && holds(this.#snapshot)) finish(true);
      };
      const cancel = systemClock.after(ms, () => finish(false));
      this.#waiting.add(look);
      look();
    });
    if (came) return;
    const names = this.#pages.map((page) => page.name).join(' → ');
    throw new Error(
      `never came: ${what}\n  now: ${JSON.stringify(this.#snapshot?.screen)}\n  pages: ${names}`,
    );
  }
}
