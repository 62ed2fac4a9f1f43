import { stat } from 'node:fs/promises';
import type { Clock } from '@jolly/contracts/values';
import { SerialPort } from 'serialport';
import { linkError } from './errors.ts';
import type { Connector } from './link.ts';

/** How a serial line is set. Defaults: 9600 8N1, no handshake. */
export interface SerialSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  readonly rtscts: boolean;
  readonly xonxoff: boolean;
}

/** Reads `baud`, `data`, `parity`, `stop`, `flow=none|rtscts|xonxoff`; throws `LINK_SETTING_INVALID` naming the setting. */
export function serialSettings(settings: URLSearchParams): SerialSettings {
  const pick = <const T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const given = settings.get(name);
    if (given === null) return fallback;
    const found = allowed.find((value) => value === given);
    if (found === undefined) throw linkError('LINK_SETTING_INVALID', { setting: name, value: given });
    return found;
  };
  const baud = settings.get('baud') ?? '9600';
  if (!/^[1-9]\d{2,6}$/.test(baud)) throw linkError('LINK_SETTING_INVALID', { setting: 'baud', value: baud });
  const flow = pick('flow', ['none', 'rtscts', 'xonxoff'], 'none');
  return {
    baudRate: Number(baud),
    dataBits: pick('data', ['7', '8'], '8') === '7' ? 7 : 8,
    parity: pick('parity', ['none', 'even', 'odd'], 'none'),
    stopBits: pick('stop', ['1', '2'], '1') === '2' ? 2 : 1,
    rtscts: flow === 'rtscts',
    xonxoff: flow === 'xonxoff',
  };
}

/** A tty whose driver forgets to hang up is found by looking whether the device file is still the same one. */
const PRESENCE_POLL_MS = 1_000;

/**
 * Opens a serial line. Reasons: `absent` (no such device file), `busy` (another program has it), `denied` (no right),
 * `unplugged` (it went while open), `failed`. Works on pseudo-terminals, where modem lines do not exist.
 */
export function serialConnector(path: string, settings: SerialSettings, clock: Clock): Connector {
  return (events) => {
    const port = new SerialPort({
      path,
      baudRate: settings.baudRate,
      dataBits: settings.dataBits,
      parity: settings.parity,
      stopBits: settings.stopBits,
      rtscts: settings.rtscts,
      xon: settings.xonxoff,
      xoff: settings.xonxoff,
      autoOpen: false,
    });
    let over = false;
    let cancelPoll: () => void = () => undefined;
    const closed = () =>
      new Promise<void>((resolve) => {
        if (!port.isOpen) return resolve();
        // The error of a close is of no use: the resource is gone either way, and the next opening tells if it is not.
        port.close(() => resolve());
      });
    const finish = (reason: string) => {
      if (over) return;
      over = true;
      cancelPoll();
      events.lost(reason);
    };
    const watch = (device: number) => {
      cancelPoll = clock.after(PRESENCE_POLL_MS, () => {
        stat(path).then(
          (now) => (now.rdev === device && port.isOpen ? over || watch(device) : finish('unplugged')),
          () => finish('unplugged'),
        );
      });
    };
    const opening = new Promise<void>((resolve) => {
      port.open((error) => {
        if (error) {
          resolve();
          return finish(openReason(error));
        }
        if (over) return void closed().then(resolve);
        resolve();
        events.opened();
        stat(path).then(
          (now) => over || watch(now.rdev),
          () => finish('unplugged'),
        );
      });
    });
    port.on('data', (bytes: Buffer) => {
      if (!over) events.data(bytes);
    });
    port.on('error', () => finish('unplugged'));
    port.on('close', () => finish('unplugged'));
    return {
      write: (bytes) =>
        new Promise((resolve, reject) => {
          port.write(Buffer.from(bytes), (error: Error | null | undefined) =>
            error ? reject(error) : resolve(),
          );
        }),
      drop: async () => {
        over = true;
        cancelPoll();
        await opening;
        await closed();
      },
    };
  };
}

/** The binding gives its errors as texts (`Error: No such file or directory, cannot open /dev/…`). */
function openReason(error: Error): string {
  if (/no such file|ENOENT|not found/i.test(error.message)) return 'absent';
  if (/lock|busy|EBUSY/i.test(error.message)) return 'busy';
  if (/permission|EACCES|denied/i.test(error.message)) return 'denied';
  return 'failed';
}
