import type { Clock } from '@jolly/contracts/values';
import type { Programs } from '../../programs/index.ts';
import { type DeviceRegistry, onThisComputer } from '../../registry/index.ts';
import type { Door, Nearness } from '../port.ts';
import { type Attach, CabinetDoor, NearnessSensor } from '../sensor.ts';
import { decodeEdge, decodeLevel, getArguments, monitorArguments } from './codec.ts';
import { type GpioSettings, gpioSettings, toolAt } from './line.ts';

export * from './codec.ts';
export * from './line.ts';

/** After a tool has ended by itself it is started again. */
const AGAIN_MS = 5_000;

/**
 * A line through the tools of libgpiod: its level first, its edges then. An edge in the moment between the two is missed, so
 * the monitor is begun anew with a fresh look whenever it ends.
 */
function onPin<T>(
  settings: GpioSettings,
  programs: Programs,
  clock: Clock,
  meaning: (active: boolean) => T,
): Attach<T> {
  return ({ saw }) => {
    let closed = false;
    let stop = (): void => undefined;
    const again = (reason: string) => {
      if (closed) return;
      saw(undefined, reason);
      stop = clock.after(AGAIN_MS, begin);
    };
    const begin = (): void => {
      programs.run(toolAt(settings.folder, 'gpioget'), getArguments(settings)).then(
        (output) => {
          if (closed) return;
          const level = decodeLevel(output);
          if (level === undefined) return again('level-unreadable');
          saw(meaning(level), '');
          const watched = programs.watch(toolAt(settings.folder, 'gpiomon'), monitorArguments(settings), {
            line: (line) => {
              const edge = decodeEdge(line);
              if (edge !== undefined) saw(meaning(edge), '');
            },
            ended: again,
          });
          stop = () => watched.stop();
        },
        (error: unknown) =>
          again(
            error instanceof Error && 'code' in error && error.code === 'PROGRAM_ABSENT'
              ? 'program-absent'
              : 'program-failed',
          ),
      );
    };
    begin();
    return async () => {
      closed = true;
      stop();
    };
  };
}

/**
 * `gpio:gpiochip0/17?active=low`. Presence is `present` while the line is active; the door's normally closed contact keeps its
 * line active while the door is closed.
 */
export function registerGpioSensors(registry: DeviceRegistry, programs: Programs): DeviceRegistry {
  return registry
    .register('presence', 'gpio', (device, { clock }) => {
      const uri = onThisComputer(device);
      const attach = onPin<Nearness>(gpioSettings(uri), programs, clock, (active) =>
        active ? 'present' : 'absent',
      );
      return new NearnessSensor(uri.text, clock, attach);
    })
    .register('door', 'gpio', (device, { clock }) => {
      const uri = onThisComputer(device);
      const attach = onPin<Door>(gpioSettings(uri), programs, clock, (active) =>
        active ? 'closed' : 'open',
      );
      return new CabinetDoor(uri.text, clock, attach);
    });
}
