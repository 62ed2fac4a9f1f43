import type { CameraState, ReaderFrame } from '@jolly/contracts/terminal-channel';
import { type BarcodeReader, LONGEST_SCAN, type Scan, ScanOutlet } from '@jolly/drivers/barcode';
import { type DeviceHealth, type SelfTestStep, Standing } from '@jolly/drivers/health';
import {
  type DeviceRegistry,
  type DriverContext,
  deviceUriError,
  onThisComputer,
} from '@jolly/drivers/registry';

const CURES: Readonly<Record<CameraState | 'no-screen', string>> = {
  ready: '',
  missing: 'connect the camera; it must be seen by the browser of the screen',
  denied: 'let the page of the screen use the camera',
  busy: 'end the other program that holds the camera',
  broken: 'connect the camera anew; if it stays so, see the console of the screen',
  'no-screen': 'the screen tells how its camera is: see whether it is open',
};

/** The camera of the screen as a barcode reader: pictures stay in the screen, codes come up its channel. */
export class ScreenCamera implements BarcodeReader {
  readonly uri: string;
  readonly #outlet: ScanOutlet;
  readonly #standing: Standing;
  readonly #listeners = new Set<() => void>();
  #state: CameraState | undefined;

  constructor(uri: string, context: DriverContext) {
    this.uri = uri;
    this.#outlet = new ScanOutlet(context, () => {
      for (const listener of this.#listeners) listener();
    });
    this.#standing = new Standing(context.clock, () => ({ ...this.#outlet.counts }));
  }

  /** Somebody waits for a code. */
  get wanted(): boolean {
    return this.#outlet.listening;
  }

  onWanted(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a screen said of its camera, or read with it. */
  heard(frame: Extract<ReaderFrame, { type: 'seen' | 'camera' }>): void {
    if (frame.type === 'seen') {
      if (frame.text.length <= LONGEST_SCAN) this.#outlet.give(frame);
      return;
    }
    this.#state = frame.state;
    if (frame.state === 'ready') this.#standing.turn('ready');
    else this.#standing.turn('unavailable', [`camera-${frame.state}`]);
  }

  listen(onScan: (scan: Scan) => void): () => void {
    return this.#outlet.listen(onScan);
  }

  health(): DeviceHealth {
    return this.#standing.health();
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.#standing.onHealth(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const detail = this.#state ?? 'no-screen';
    const ok = detail === 'ready';
    return [{ name: 'camera', ok, durationMs: 0, detail, ...(ok ? {} : { cure: CURES[detail] }) }];
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    this.#outlet.close();
  }
}

/** `camera:` — the screen's own camera. `made` is told of the one that the configuration names. */
export function registerCamera(
  registry: DeviceRegistry,
  made: (camera: ScreenCamera) => void,
): DeviceRegistry {
  return registry.register('barcode', 'camera', (device, context) => {
    const uri = onThisComputer(device);
    if (uri.path !== '' || [...uri.settings].length > 0)
      throw deviceUriError('DEVICE_URI_INVALID', { uri: uri.text });
    const camera = new ScreenCamera(uri.text, context);
    made(camera);
    return camera;
  });
}
