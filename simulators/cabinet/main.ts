/**
 * What a cabinet has besides what citizens use: a board with lights, presence, door and the display's relay, and a UPS behind
 * upsd. `--board tcp:0|serial:/dev/… --upsd tcp:0 --control 0`; one JSON line on standard output when it listens.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { controlServer, endOnSignal, openWire } from '../process/index.ts';
import { CabinetAction, SimulatedCabinet } from './cabinet.ts';
import type { CabinetReady } from './index.ts';

const { values } = parseArgs({
  options: {
    board: { type: 'string', default: 'tcp:0' },
    upsd: { type: 'string', default: 'tcp:0' },
    control: { type: 'string', default: '0' },
  },
});

const cabinet = new SimulatedCabinet(systemClock);
const wires = [
  await openWire(values.board, cabinet.board),
  await openWire(values.upsd, cabinet.upsd),
] as const;
let plugged = true;
const app = controlServer(CabinetAction, {
  state: () => ({ name: 'cabinet', wire: wires[0].address, plugged, device: cabinet.state() }),
  act: (action) => {
    cabinet.act(action);
    return cabinet.state();
  },
});
app.post<{ Body: { inserted: boolean } }>('/plug', async (request) => {
  plugged = request.body.inserted === true;
  await wires[0].plug(plugged);
  return { plugged };
});
const control = await app.listen({ host: '127.0.0.1', port: Number(values.control) });
const ready: CabinetReady = {
  ready: true,
  name: 'cabinet',
  board: wires[0].address,
  upsd: wires[1].address,
  control,
  pid: process.pid,
};
process.stdout.write(`${JSON.stringify(ready)}\n`);
endOnSignal(async () => {
  await app.close();
  for (const wire of wires) await wire.close();
});
