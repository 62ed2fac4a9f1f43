import { type DeviceRegistry, onThisComputer, overWire } from '../../registry/index.ts';
import { transportFor } from '../../transport/index.ts';
import { LineAudio } from './line-audio.ts';
import { LinuxAudio, linuxAudioSettings } from './linux-audio.ts';

/** `linux-audio:?jack=/dev/input/event5`, `sim-audio+tcp://…`. */
export function registerAudio(registry: DeviceRegistry): DeviceRegistry {
  return registry
    .register('audio', 'linux-audio', (device, { clock }) => {
      const uri = onThisComputer(device);
      return new LinuxAudio(uri.text, linuxAudioSettings(uri.settings), clock);
    })
    .register('audio', 'sim-audio', (device, context) => {
      const uri = overWire(device);
      return new LineAudio(uri.text, transportFor(uri, context), context.clock);
    });
}
