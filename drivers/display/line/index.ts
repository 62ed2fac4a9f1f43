import { type BoardPool, boardError } from '../../line-board/index.ts';
import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import { SwitchedDisplay } from '../switched.ts';

/** `line-display+tcp://host:port`: a relay in the screen's supply, on a board of docs/lights.md. */
export function registerLineDisplay(registry: DeviceRegistry, boards: BoardPool): DeviceRegistry {
  return registry.register('display', 'line-display', (device, context) => {
    const uri = overWire(device);
    const board = boards.at(uri, context);
    const leave = board.use({ message: () => undefined, state: () => undefined });
    return new SwitchedDisplay(uri.text, context.clock, {
      act: async (power) => {
        await board.ask({ say: 'display', power }, ({ say }) => say === 'display');
      },
      probe: async () => {
        if (!board.up) throw boardError('BOARD_DOWN', { reason: board.reason });
        return 'board';
      },
      release: leave,
    });
  });
}
