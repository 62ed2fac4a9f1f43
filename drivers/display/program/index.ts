import type { Programs } from '../../programs/index.ts';
import { type DeviceRegistry, onThisComputer } from '../../registry/index.ts';
import { SwitchedDisplay } from '../switched.ts';
import { screenProgram } from './arguments.ts';

export * from './arguments.ts';

/** `dpms:`, `dpms::0`, `wlopm:eDP-1`, `ddc:`, `ddc:4`; `?program=` names another executable. */
export function registerScreenPrograms(registry: DeviceRegistry, programs: Programs): DeviceRegistry {
  for (const protocol of ['dpms', 'wlopm', 'ddc'] as const)
    registry.register('display', protocol, (device, { clock }) => {
      const uri = onThisComputer(device);
      const screen = screenProgram(protocol, uri.path, uri.settings);
      return new SwitchedDisplay(uri.text, clock, {
        act: async (power) => {
          await programs.run(screen.program, screen[power]);
        },
        probe: async () => {
          await programs.run(screen.program, screen.probe);
          return screen.program;
        },
      });
    });
  return registry;
}
