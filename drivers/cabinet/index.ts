import { registerLineDisplay } from '../display/line/index.ts';
import { registerScreenPrograms } from '../display/program/index.ts';
import { registerGpioLights } from '../lights/gpio/index.ts';
import { registerHidLights } from '../lights/hid/index.ts';
import { registerLineLights } from '../lights/line/index.ts';
import { BoardPool } from '../line-board/index.ts';
import { type Programs, systemPrograms } from '../programs/index.ts';
import type { DeviceRegistry } from '../registry/index.ts';
import { registerGpioSensors } from '../sensors/gpio/index.ts';
import { registerLineSensors } from '../sensors/line/index.ts';
import { registerUps } from '../ups/nut/index.ts';

/** Everything a cabinet has besides what citizens use: lights, presence, door, UPS, display. */
export function registerCabinet(
  registry: DeviceRegistry,
  programs: Programs = systemPrograms,
): DeviceRegistry {
  // one board may stand behind several roles
  const boards = new BoardPool();
  registerUps(registry);
  registerLineLights(registry, boards);
  registerHidLights(registry);
  registerGpioLights(registry, programs);
  registerLineSensors(registry, boards);
  registerGpioSensors(registry, programs);
  registerLineDisplay(registry, boards);
  registerScreenPrograms(registry, programs);
  return registry;
}
