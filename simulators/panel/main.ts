/**
 * The device panel: `--listen PORT` (0 = chosen by the system), `--devices <file or inline JSON>` with the control
 * addresses of the simulators. One JSON line on standard output when it listens: `{ready, url, pid}`.
 */
import { parseArgs } from 'node:util';
import { devicesFrom } from './devices.ts';
import { panelServer } from './server.ts';

const { values } = parseArgs({
  options: {
    listen: { type: 'string', default: '0' },
    devices: { type: 'string', default: '{}' },
  },
});

const app = panelServer(devicesFrom(values.devices));
const url = await app.listen({ host: '127.0.0.1', port: Number(values.listen) });
process.stdout.write(`${JSON.stringify({ ready: true, name: 'panel', url, pid: process.pid })}\n`);

const stop = async () => {
  await app.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
