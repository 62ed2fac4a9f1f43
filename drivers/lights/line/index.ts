import type { BoardPool, LineBoard } from '../../line-board/index.ts';
import { type DeviceRegistry, overWire } from '../../registry/index.ts';
import { type LightAdapter, LightSet } from '../light-set.ts';
import type { LightName } from '../port.ts';

function onBoard(board: LineBoard): LightAdapter {
  let names: readonly LightName[] = [];
  let known = false;
  let changed = (): void => undefined;
  const list = () => {
    board
      .ask({ say: 'lights', names: [] }, ({ say }) => say === 'lights')
      .then(
        (answer) => {
          if (answer.say === 'lights') names = answer.names;
          known = true;
          changed();
        },
        () => changed(),
      );
  };
  const leave = board.use({
    message: () => undefined,
    state: (up) => {
      known = false;
      if (up) list();
      changed();
    },
  });
  if (board.up) list();
  return {
    get names() {
      return names;
    },
    get trouble() {
      if (!board.up) return board.reason;
      return known ? undefined : 'not-listed';
    },
    show: async (name, look) => {
      await board.ask(
        { say: 'light', name, look },
        (answer) => answer.say === 'light' && answer.name === name,
      );
    },
    watch: (listener) => {
      changed = listener;
    },
    close: leave,
  };
}

/** `line-lights+tcp://host:port` and `line-lights+serial:///dev/…` (docs/lights.md has the lines). */
export function registerLineLights(registry: DeviceRegistry, boards: BoardPool): DeviceRegistry {
  return registry.register('lights', 'line-lights', (device, context) => {
    const uri = overWire(device);
    return new LightSet(uri.text, onBoard(boards.at(uri, context)), context.clock);
  });
}
