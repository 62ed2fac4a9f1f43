import { isJollyError } from '@jolly/contracts/values';
import {
  type Device,
  type DeviceHealth,
  type DeviceState,
  type SelfTestStep,
  Standing,
} from '../health/index.ts';
import type { DriverContext } from '../registry/index.ts';
import { type Announced, objectAt, type Payload, type UnsolicitedMessage, wordAt } from './codec/index.ts';
import { xfsError } from './errors.ts';
import { XfsService } from './service.ts';
import type { XfsAddress } from './settings.ts';
import { type OpenXfsSocket, openWebSocket, recordedSocket } from './socket.ts';

export interface XfsContext extends DriverContext {
  readonly open?: OpenXfsSocket;
  /** 0 ≤ n < 1; `Math.random` outside tests. */
  readonly random?: () => number;
}

/** Services announce changes; those that forget to are asked. Trouble more often, so that a changed roll is seen soon. */
const LOOK_EVERY_MS = 10_000;
const TROUBLE_LOOK_MS = 3_000;
const STATUS_MS = 5_000;
const SELF_TEST_MS = 3_000;

/** `Common.Status` device words (xfs4iot.md 3) in ours; the rest keep their word as the reason. */
const STATES: Readonly<Record<string, DeviceState>> = {
  online: 'ready',
  deviceBusy: 'busy',
  starting: 'starting',
};
const FAULTS: ReadonlySet<string> = new Set(['hardwareError', 'fraudAttempt', 'potentialFraud']);

/** `paperOut` → `paper-out`: reasons are written as everywhere in Jolly. */
export const dashed = (word: string): string =>
  word
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 40);

/** What every device behind XFS4IoT shares: its service, its state, how it is asked and tested. */
export abstract class XfsDevice implements Device {
  readonly uri: string;
  protected readonly service: XfsService;
  protected readonly context: XfsContext;
  protected readonly standing: Standing;
  #stopLook: () => void = () => undefined;
  #device = 'starting';
  #closed = false;

  constructor(
    address: XfsAddress,
    wanted: string,
    context: XfsContext,
    counters: () => Readonly<Record<string, number>>,
  ) {
    this.uri = address.text;
    this.context = context;
    const { clock, log, random = Math.random } = context;
    const open = recordedSocket(context.open ?? openWebSocket, context.record, address.text);
    this.service = new XfsService(address, wanted, { clock, log, open, random });
    this.standing = new Standing(clock, () => ({ ...counters(), ...this.service.counters }));
  }

  health(): DeviceHealth {
    return this.standing.health();
  }

  onHealth(listener: (health: DeviceHealth) => void): () => void {
    return this.standing.onHealth(listener);
  }

  async selfTest(): Promise<readonly SelfTestStep[]> {
    const { clock } = this.context;
    const began = clock.monotonic();
    const took = () => Math.round(clock.monotonic() - began);
    const wrong = (
      name: string,
      code: 'XFS_LINK_DOWN' | 'XFS_REFUSED',
      durationMs: number,
      detail: string,
    ) => ({
      ...{ name, ok: false, durationMs, detail },
      cure: xfsError(code).entry.cure ?? '',
    });
    while (!this.service.isUp && took() < SELF_TEST_MS)
      await new Promise<void>((resolve) => void clock.after(50, resolve));
    if (!this.service.isUp)
      return [wrong('service', 'XFS_LINK_DOWN', took(), this.standing.reasons.join(' '))];
    const service = { name: 'service', ok: true, durationMs: took() };
    const told = await this.ask();
    const durationMs = took() - service.durationMs;
    const { state, reasons } = this.standing;
    if (!told) return [service, wrong('status', 'XFS_REFUSED', durationMs, 'no status')];
    const ok = state === 'ready' || state === 'busy' || state === 'degraded';
    const step = { name: 'status', ok, durationMs, detail: [this.#device, ...reasons].join(' ') };
    return [service, ok ? step : { ...step, cure: 'see what the reason says of the device itself' }];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopLook();
    this.service.close();
  }

  /** To be called by the constructor of the device itself, when all of it is there. */
  protected begin(): void {
    this.service.start({
      up: (announced) => {
        this.onUp(announced);
        void this.ask();
      },
      down: (reason) => {
        this.#stopLook();
        this.standing.turn('unavailable', [`link-down:${reason}`]);
        this.onDown();
      },
      unsolicited: (message) => {
        if (message.name === 'Common.StatusChangedEvent') this.#changed(message.payload);
        this.onUnsolicited(message);
      },
    });
  }

  /** Asks for the status now; false: it was not told. Never rejects. */
  protected async ask(): Promise<boolean> {
    this.#stopLook();
    try {
      const { code, payload } = await this.service.command('Common.Status', {}, { timeoutMs: STATUS_MS });
      if (code !== 'success') return false;
      this.#device = wordAt(objectAt(payload, 'common'), 'device') ?? this.#device;
      this.onStatus(payload);
      this.show();
      return true;
    } catch (error) {
      if (!isJollyError(error)) throw error;
      return false;
    } finally {
      if (!this.#closed) {
        const { state } = this.standing;
        const well = state === 'ready' || state === 'busy' || state === 'degraded';
        const wait = well ? LOOK_EVERY_MS : TROUBLE_LOOK_MS;
        this.#stopLook();
        this.#stopLook = this.context.clock.after(wait, () => void this.ask());
      }
    }
  }

  /** Tells the state: the service's word on the device first, then what the device adds. */
  protected show(): void {
    if (!this.service.isUp) return;
    const state = STATES[this.#device];
    if (state === undefined)
      this.standing.turn(FAULTS.has(this.#device) ? 'fault' : 'unavailable', [dashed(this.#device)]);
    else {
      const own = this.condition();
      this.standing.turn(state === 'ready' || own.state !== 'ready' ? own.state : state, own.reasons);
    }
  }

  protected condition(): { readonly state: DeviceState; readonly reasons: readonly string[] } {
    return { state: 'ready', reasons: [] };
  }

  /** What a device does when its service is there, is lost, tells its status or says something unasked. */
  protected onUp(_announced: Announced): void {
    // most need nothing of it
  }

  protected onDown(): void {
    // the state says it
  }

  protected onStatus(_payload: Payload): void {
    // `common.device` is read already
  }

  protected onUnsolicited(_message: UnsolicitedMessage): void {
    // not every interface has events
  }

  #changed(payload: Payload): void {
    this.#device = wordAt(payload, 'device') ?? this.#device;
    // later versions tell changes of the interfaces by the same event
    this.onStatus(payload);
    this.show();
    // what else has changed with it is not said
    void this.ask();
  }
}
