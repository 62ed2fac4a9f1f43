import type { BoardPool, LineBoard } from '../../line-board/index.ts';
import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import type { Door, Nearness } from '../port.ts';
import { type Attach, CabinetDoor, NearnessSensor } from '../sensor.ts';

/** Hears what the board says of one sensor, and asks for it whenever the board has come (back). */
function onBoard<T>(
  board: LineBoard,
  pick: (message: Parameters<Parameters<LineBoard['use']>[0]['message']>[0]) => T | undefined,
): Attach<T> {
  return ({ saw }) => {
    const ask = () => board.say({ say: 'get' }).catch(() => saw(undefined, 'write-failed'));
    const leave = board.use({
      message: (message) => {
        const value = pick(message);
        if (value !== undefined) saw(value, '');
      },
      state: (up, reason) => {
        if (up) void ask();
        else saw(undefined, reason);
      },
    });
    if (board.up) void ask();
    return leave;
  };
}

/** `line-sensor+tcp://host:port` and `line-sensor+serial:///dev/…`, for both roles. */
export function registerLineSensors(registry: DeviceRegistry, boards: BoardPool): DeviceRegistry {
  return registry
    .register('presence', 'line-sensor', (device, context) => {
      const uri = overWire(device);
      const attach = onBoard<Nearness>(boards.at(uri, context), (message) =>
        message.say === 'presence' ? message.presence : undefined,
      );
      return new NearnessSensor(uri.text, context.clock, attach);
    })
    .register('door', 'line-sensor', (device, context) => {
      const uri = overWire(device);
      const attach = onBoard<Door>(boards.at(uri, context), (message) =>
        message.say === 'door' ? message.door : undefined,
      );
      return new CabinetDoor(uri.text, context.clock, attach);
    });
}
