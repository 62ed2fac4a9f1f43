import { parseArgs } from 'node:util';
import { startNodeSimulator } from './simulator.ts';

/**
 * The pagoPA node as a process: `--listen PORT --control PORT` (0 or absent = chosen by the system, or as in the state
 * file), `--delay MS`, `--expiry-job SECONDS` (default 60, 0 = only by control), `--creditor-timeout MS`,
 * `--state-file FILE`. One JSON line on standard output when ready.
 */
const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    delay: { type: 'string', default: '0' },
    'expiry-job': { type: 'string', default: '60' },
    'creditor-timeout': { type: 'string', default: '4000' },
    'state-file': { type: 'string' },
  },
});

const simulator = await startNodeSimulator({
  listen: Number(values.listen),
  control: Number(values.control),
  delayMs: Number(values.delay),
  expiryJobMs: Number(values['expiry-job']) * 1_000,
  stateFile: values['state-file'],
  settings: { creditorTimeoutMs: Number(values['creditor-timeout']) },
});
const { url, control, debtPositions, checkout } = simulator;
const [mil, posGateway] = [simulator.mil.url, simulator.posGateway.url];
const addresses = { url, control, debtPositions, checkout, mil, posGateway };
process.stdout.write(
  `${JSON.stringify({ ready: true, name: 'pagopa-node', ...addresses, pid: process.pid })}\n`,
);

const stop = async () => {
  await simulator.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
