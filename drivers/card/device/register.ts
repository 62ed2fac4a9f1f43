import type { DeviceRegistry } from '../../registry/index.ts';
import { type LaunchWorker, openReaderStack, READER_PROTOCOLS } from '../reader/index.ts';
import { type CardReaderSettings, ReaderDevice } from './reader-device.ts';

export interface CardDriverSettings extends CardReaderSettings {
  /** Starts the PC/SC process where Node itself cannot be started as a child. */
  readonly launchPcsc?: LaunchWorker;
}

/** `pcsc:<part of the reader's name>`, `vpcd+tcp://127.0.0.1:35963?also=35964`. */
export function registerCard(registry: DeviceRegistry, settings: CardDriverSettings = {}): DeviceRegistry {
  const { launchPcsc } = settings;
  for (const protocol of READER_PROTOCOLS) {
    registry.register('card', protocol, (uri, context) => {
      const stack = openReaderStack(uri, { ...context, ...(launchPcsc ? { launchPcsc } : {}) });
      return new ReaderDevice(stack, context, settings);
    });
  }
  return registry;
}
