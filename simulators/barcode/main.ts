import { systemClock, systemRandom } from '@jolly/contracts/values';
import { runSimulator } from '../process/index.ts';
import { BarcodeAction, simulatedReader } from './reader.ts';

await runSimulator('barcode', BarcodeAction, () =>
  simulatedReader({ clock: systemClock, random: systemRandom }),
);
