import type { ReaderFrame, Snapshot } from '@jolly/contracts/terminal-channel';
import type { ScreenCamera } from './screen-camera.ts';

interface Screen {
  snapshot(): Snapshot;
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
}

/** As the notice's parser names what it refused; the screen has words for it. */
const KEYBOARD_READER = 'KEYBOARD_READER';

/**
 * What the screen knows as a device, laid over what the session shows: whether its camera is to look, and that a reader typed
 * instead of reading. Codes go to the camera's listener; typed ones nowhere.
 */
export class ScreenReaders {
  readonly #screen: Screen;
  readonly #camera: ScreenCamera | undefined;
  readonly #onWedge: () => void;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #undo: readonly (() => void)[];
  /** A reader typed while this page was open. */
  #typed = false;
  #screenName: string;

  constructor(screen: Screen, camera: ScreenCamera | undefined, onWedge: () => void) {
    this.#screen = screen;
    this.#camera = camera;
    this.#onWedge = onWedge;
    this.#screenName = screen.snapshot().screen.name;
    this.#undo = [
      screen.onSnapshot(({ screen: { name } }) => {
        if (name !== this.#screenName) this.#typed = false;
        this.#screenName = name;
        this.#tell();
      }),
      ...(camera ? [camera.onWanted(() => this.#tell())] : []),
    ];
  }

  snapshot(): Snapshot {
    const plain = this.#screen.snapshot();
    const { screen } = plain;
    const scanning = screen.name === 'pay-scan';
    const refused = this.#typed && scanning ? { screen: { ...screen, refused: KEYBOARD_READER } } : {};
    // the home page takes a code too, from a reader: a camera that films whoever passes is another thing
    const look = scanning && plain.idle === undefined && this.#camera?.wanted === true;
    return { ...plain, ...refused, ...(this.#camera ? { camera: look ? 'look' : 'idle' } : {}) };
  }

  onSnapshot(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reader(frame: ReaderFrame): void {
    if (frame.type !== 'keyboard-wedge') {
      this.#camera?.heard(frame);
      return;
    }
    this.#onWedge();
    this.#typed = true;
    this.#tell();
  }

  close(): void {
    for (const undo of this.#undo) undo();
    this.#listeners.clear();
  }

  #tell(): void {
    if (this.#listeners.size === 0) return;
    const snapshot = this.snapshot();
    for (const listener of this.#listeners) listener(snapshot);
  }
}
