import { systemClock, systemRandom } from '@jolly/contracts/values';
import { runSimulator } from '../process/index.ts';
import { KeypadAction, simulatedKeypad } from './keypad.ts';

await runSimulator('keypad', KeypadAction, () =>
  simulatedKeypad({ clock: systemClock, random: systemRandom }),
);
