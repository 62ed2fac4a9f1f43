import type { Clock } from '@jolly/contracts/values';
import type { Programs, Watched } from '../../programs/index.ts';
import { type DeviceRegistry, onThisComputer } from '../../registry/index.ts';
import { gpioError, gpioSettings, setArguments, toolAt } from '../../sensors/gpio/index.ts';
import { type LightAdapter, LightSet } from '../light-set.ts';
import { LIGHT_NAMES, type LightLook, type LightName } from '../port.ts';

/** Half a pulse of each rate, ms: nothing faster than 1 Hz. A pin has no colours: the lamp behind it has one. */
const HALF_MS: Partial<Record<LightLook['rate'], number>> = { slow: 1_000, medium: 750, quick: 500 };

/** One pin for one light: `gpioset` holds it for as long as it runs. */
function pinAdapter(
  uri: ReturnType<typeof onThisComputer>,
  name: LightName,
  programs: Programs,
  clock: Clock,
): LightAdapter {
  const line = gpioSettings(uri);
  let trouble: string | undefined;
  let changed = (): void => undefined;
  let held: Watched | undefined;
  let cancel = (): void => undefined;
  const hold = (on: boolean): void => {
    held?.stop();
    held = programs.watch(toolAt(line.folder, 'gpioset'), setArguments(line, on), {
      line: () => undefined,
      ended: (reason) => {
        held = undefined;
        trouble = reason;
        changed();
      },
    });
  };
  const pulse = (ms: number, on: boolean): void => {
    hold(on);
    cancel = clock.after(ms, () => pulse(ms, !on));
  };
  return {
    names: [name],
    get trouble() {
      return trouble;
    },
    show: async (_name, { rate }) => {
      cancel();
      const half = HALF_MS[rate];
      if (half !== undefined) pulse(half, true);
      else hold(rate === 'continuous');
    },
    watch: (listener) => {
      changed = listener;
    },
    close: async () => {
      cancel();
      held?.stop();
    },
  };
}

/** `gpio:gpiochip0/22?light=barcode&active=low`. */
export function registerGpioLights(registry: DeviceRegistry, programs: Programs): DeviceRegistry {
  return registry.register('lights', 'gpio', (device, { clock }) => {
    const uri = onThisComputer(device);
    const name = LIGHT_NAMES.find((each) => each === uri.settings.get('light'));
    if (!name) throw gpioError('GPIO_SETTING_INVALID', { uri: uri.text, setting: 'light' });
    return new LightSet(uri.text, pinAdapter(uri, name, programs, clock), clock);
  });
}
