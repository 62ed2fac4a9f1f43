import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { z } from 'zod';
import { runSimulator } from '../process/index.ts';
import { ZvtAction } from './actions.ts';
import { ZvtMemory } from './memory.ts';
import { SimulatedZvtTerminal } from './terminal.ts';

const Options = z.object({
  wire: z.string(),
  terminal: z.string().regex(/^\d{8}$/),
  delay: z.coerce.number().int().min(0).max(60_000),
  'card-timeout': z.coerce.number().int().min(1).max(600),
  'close-between': z.boolean(),
  echoes: z.boolean(),
  'state-file': z.string().optional(),
});

const { values } = parseArgs({
  options: {
    wire: { type: 'string', default: 'tcp:0' },
    terminal: { type: 'string', default: '29001006' },
    delay: { type: 'string', default: '700' },
    'card-timeout': { type: 'string', default: '60' },
    'close-between': { type: 'boolean', default: false },
    echoes: { type: 'boolean', default: false },
    'state-file': { type: 'string' },
  },
  strict: false,
});
const options = Options.parse(values);

/** `node simulators/pos-zvt/main.ts --wire tcp:0 --control 0 --delay 700 --state-file pos.json` */
await runSimulator(
  'pos-zvt',
  ZvtAction,
  () =>
    new SimulatedZvtTerminal(new ZvtMemory(options['state-file']), {
      terminalId: options.terminal,
      delayMs: options.delay,
      cardTimeoutMs: options['card-timeout'] * 1_000,
      answerMs: 5_000,
      closeBetween: options['close-between'],
      echoes: options.echoes,
      serial: options.wire.startsWith('serial:'),
      clock: systemClock,
    }),
);
