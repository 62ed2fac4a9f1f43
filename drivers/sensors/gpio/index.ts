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
/** So often the level is read afresh, the monitor being let go of meanwhile. */
const LOOK_AGAIN_MS = 30_000;
/** A monitor that was told to end may hold its line a little longer. */
const STILL_HELD_MS = 200;
const STILL_HELD_TRIES = 10;

/**
 * A line through the tools of libgpiod: its level first, its edges then. An edge in the moment between the two is missed, and
 * the kernel gives nobody the level of a line that the monitor holds: so the level is read afresh, and the monitor begun anew,
 * from time to time and whenever it ends.
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
    /** `held`: how often a line that cannot be read is taken for one that our own monitor still holds. */
    const look = (held: number): void => {
      programs.run(toolAt(settings.folder, 'gpioget'), getArguments(settings)).then(
        (output) => {
          if (closed) return;
          const level = decodeLevel(output);
          if (level === undefined) return again('level-unreadable');
          saw(meaning(level), '');
          monitor();
        },
        (error: unknown) => {
          if (closed) return;
          const absent = error instanceof Error && 'code' in error && error.code === 'PROGRAM_ABSENT';
          if (!absent && held > 0) stop = clock.after(STILL_HELD_MS, () => look(held - 1));
          else again(absent ? 'program-absent' : 'program-failed');
        },
      );
    };
    const monitor = (): void => {
      let letGo = (): void => undefined;
      const cancelLook = clock.after(LOOK_AGAIN_MS, () => {
        letGo();
        look(STILL_HELD_TRIES);
      });
      const watched = programs.watch(toolAt(settings.folder, 'gpiomon'), monitorArguments(settings), {
        line: (line) => {
          const edge = decodeEdge(line);
          if (edge !== undefined) saw(meaning(edge), '');
        },
        ended: (reason) => {
          cancelLook();
          again(reason);
        },
      });
      letGo = () => watched.stop();
      stop = () => {
        cancelLook();
        watched.stop();
      };
    };
    const begin = (): void => look(0);
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
