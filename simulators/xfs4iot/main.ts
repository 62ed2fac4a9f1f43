/**
 * The simulated XFS4IoT cabinet: `--port PORT` (publisher and services), `--chip PORT` (where an emulated card is put in), `--version 1.0|2.0`,
 * `--frames` (keep what came), `--control PORT`. One JSON line (`XfsReady`) on standard output when it listens.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { controlServer, endOnSignal } from '../process/index.ts';
import { XfsAction } from './actions.ts';
import type { XfsReady } from './index.ts';
import { XfsSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    chip: { type: 'string', default: '0' },
    control: { type: 'string', default: '0' },
    version: { type: 'string', default: '2.0' },
    frames: { type: 'boolean', default: false },
  },
});
const simulator = new XfsSimulator({
  clock: systemClock,
  port: Number(values.port),
  chipPort: Number(values.chip),
  versions: values.version.split(','),
  keepFrames: values.frames,
});
await simulator.start();
const app = controlServer(XfsAction, {
  state: () => ({ name: 'xfs4iot', device: simulator.state() }),
  act: (action) => {
    simulator.act(action);
    return simulator.state();
  },
});
const control = await app.listen({ host: '127.0.0.1', port: Number(values.control) });
const { address, chipAddress: chip } = simulator;
const ready: XfsReady = { ready: true, name: 'xfs4iot', address, chip, control, pid: process.pid };
process.stdout.write(`${JSON.stringify(ready)}\n`);
endOnSignal(async () => {
  await app.close();
  await simulator.close();
});
