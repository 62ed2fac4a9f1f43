import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { profileNamed, profiles } from '@jolly/drivers/printer/escpos';
import { runSimulator } from '../process/index.ts';
import { PrinterAction } from './actions.ts';
import { SimulatedPrinter } from './device.ts';

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'epson-generic' },
    width: { type: 'string' },
    speed: { type: 'string', default: '200' },
  },
  strict: false,
});

const profile = profileNamed(String(values.profile));
if (!profile) {
  throw new Error(`no profile ${String(values.profile)}; there are ${Object.keys(profiles).join(', ')}`);
}
const columns = Number(values.width ?? profile.columns);
const speed = Number(values.speed);
if (!(columns >= 16 && columns <= 96) || !(speed > 0))
  throw new Error('--width is 16 … 96, --speed is above 0');

await runSimulator(
  'printer',
  PrinterAction,
  () => new SimulatedPrinter({ profile, columns, speed, clock: systemClock }),
);
