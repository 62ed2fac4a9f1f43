import { type DeviceUri, type DriverContext, deviceUriError } from '../../registry/index.ts';
import { type LaunchWorker, PcscReaderStack } from './pcsc/index.ts';
import type { ReaderStack } from './port.ts';
import { VirtualReaderStack } from './virtual/index.ts';

export { readAtr } from './atr-codec.ts';
export type { LaunchedWorker, LaunchWorker } from './pcsc/index.ts';
export type * from './port.ts';
export { FLICKER_MS, SlotBook } from './slot-book.ts';
export { APDU_LIMIT_MS, type HeldCard, TRANSACTION_LIMIT_MS, Transactions } from './transactions.ts';

/** The protocols of a URI that lead to card readers. */
export const READER_PROTOCOLS = ['pcsc', 'vpcd'] as const;

/** `launchPcsc` starts the PC/SC process where Node itself cannot be started as a child. */
export interface ReaderContext extends DriverContext {
  readonly launchPcsc?: LaunchWorker;
}

/**
 * The readers of `pcsc:<part of a name>` or `vpcd+tcp://127.0.0.1:PORT?also=PORT2`, not yet started. Throws
 * `DEVICE_URI_INVALID` for a virtual reader that others on the network could reach, and for settings it does not know.
 */
export function openReaderStack(uri: DeviceUri, context: ReaderContext): ReaderStack {
  const wrong = (setting: string) => deviceUriError('DEVICE_URI_INVALID', { uri: uri.text, setting });
  if (uri.protocol === 'pcsc' && uri.transport === 'local') {
    return new PcscReaderStack(uri.text, uri.path, context.clock, context.launchPcsc);
  }
  if (uri.protocol !== 'vpcd' || uri.transport !== 'tcp') throw wrong('protocol');
  if (!/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(uri.host)) throw wrong('host');
  const ports = [uri.port];
  for (const [setting, value] of uri.settings) {
    if (setting !== 'also' || !/^\d{1,5}$/.test(value)) throw wrong(setting);
    ports.push(Number(value));
  }
  const usable = ports.every((port) => port > 0 && port < 65_536) && new Set(ports).size === ports.length;
  if (!usable || ports.length > 4) throw wrong('also');
  return new VirtualReaderStack(uri.text, uri.host, ports, context.clock);
}
