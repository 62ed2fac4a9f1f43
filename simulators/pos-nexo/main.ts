import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { type SharedKey, sealWith } from '@jolly/drivers/pos/nexo';
import { z } from 'zod';
import { controlServer, endOnSignal, type Ready } from '../process/index.ts';
import { NexoAction } from './actions.ts';
import { testCertificate } from './certificate.ts';
import { TerminalMemory } from './memory.ts';
import { SimulatedNexo } from './terminal.ts';
import { NexoPort } from './web.ts';

const Options = z.object({
  wire: z.string().regex(/^https?:\d{1,5}$/),
  control: z.coerce.number().int().min(0).max(65_535),
  poi: z.string().min(1).max(40),
  delay: z.coerce.number().int().min(0).max(60_000),
  'card-timeout': z.coerce.number().int().min(1).max(600),
  'state-file': z.string().optional(),
  'ca-file': z.string().optional(),
  'key-file': z.string().optional(),
});

const { values } = parseArgs({
  options: {
    wire: { type: 'string', default: 'http:0' },
    control: { type: 'string', default: '0' },
    poi: { type: 'string', default: 'SIM-12345678' },
    delay: { type: 'string', default: '700' },
    'card-timeout': { type: 'string', default: '60' },
    'state-file': { type: 'string' },
    'ca-file': { type: 'string' },
    'key-file': { type: 'string' },
  },
});
const options = Options.parse(values);
const keyFile = options['key-file'];
const key = keyFile === undefined ? undefined : (JSON.parse(readFileSync(keyFile, 'utf8')) as SharedKey);

/**
 * `node simulators/pos-nexo/main.ts --wire https:0 --ca-file ca.pem --control 0 --delay 700 --state-file nexo.json`. With `https` the
 * certificate, which vouches for itself, is written to `--ca-file`: the driver's `ca=`. `--key-file`: messages are sealed.
 */
const terminal = new SimulatedNexo(new TerminalMemory(options['state-file']), {
  poiId: options.poi,
  delayMs: options.delay,
  cardTimeoutMs: options['card-timeout'] * 1_000,
  clock: systemClock,
  seal: key && sealWith(key),
});
const [scheme, wished] = options.wire.split(':');
const certificate = scheme === 'https' ? testCertificate(Date.now()) : undefined;
if (certificate && options['ca-file']) writeFileSync(options['ca-file'], certificate.pem);
const port = await NexoPort.open(terminal, Number(wished), certificate);
let inserted = true;
const app = controlServer(NexoAction, {
  state: () => ({ name: 'pos', wire: port.address, plugged: inserted, device: terminal.state() }),
  act: (action) => {
    terminal.act(action);
    return terminal.state();
  },
});
app.post<{ Body: { inserted: boolean } }>('/plug', async (request) => {
  inserted = request.body.inserted === true;
  await port.plug(inserted);
  return { plugged: inserted };
});
const control = await app.listen({ host: '127.0.0.1', port: options.control });
const ready: Ready = { ready: true, name: 'pos', wire: port.address, control, pid: process.pid };
process.stdout.write(`${JSON.stringify(ready)}\n`);
endOnSignal(async () => {
  await app.close();
  await port.close();
});
