import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { lrcModes } from '@jolly/drivers/pos/ecr17';
import { z } from 'zod';
import { runSimulator } from '../process/index.ts';
import { PosAction } from './actions.ts';
import { TerminalMemory } from './memory.ts';
import { SimulatedTerminal } from './terminal.ts';

const Options = z.object({
  wire: z.string(),
  terminal: z.string().regex(/^\d{8}$/),
  lrc: z.enum(lrcModes),
  delay: z.coerce.number().int().min(0).max(60_000),
  'card-timeout': z.coerce.number().int().min(1).max(600),
  'close-between': z.boolean(),
  'state-file': z.string().optional(),
});

const { values } = parseArgs({
  options: {
    wire: { type: 'string', default: 'tcp:0' },
    terminal: { type: 'string', default: '12345678' },
    lrc: { type: 'string', default: 'std' },
    delay: { type: 'string', default: '700' },
    'card-timeout': { type: 'string', default: '60' },
    'close-between': { type: 'boolean', default: false },
    'state-file': { type: 'string' },
  },
  strict: false,
});
const options = Options.parse(values);

/** `node simulators/pos/main.ts --wire tcp:0 --control 0 --lrc std --delay 700 --state-file pos.json` */
await runSimulator(
  'pos',
  PosAction,
  () =>
    new SimulatedTerminal(new TerminalMemory(options['state-file']), {
      terminalId: options.terminal,
      lrc: options.lrc,
      delayMs: options.delay,
      cardTimeoutMs: options['card-timeout'] * 1_000,
      closeBetween: options['close-between'],
      serial: options.wire.startsWith('serial:'),
      clock: systemClock,
    }),
);
