/**
 * `npm start`: all of Jolly on this machine, with simulated devices and an embedded database.
 *   --fresh        forget what earlier starts left
 *   --no-screen    do not open a window, only print the addresses
 *   --pos NAME     what the card terminal speaks: ecr17 (default), zvt or nexo
 *   --gateway      the way to pagoPA: node-soap (default) or mil
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keptBy } from './alone.ts';
import { demoGateways, posProtocols, startDemo } from './demo.ts';
import { chooseScreen, openScreen } from './screen.ts';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    'no-screen': { type: 'boolean', default: false },
    gateway: { type: 'string', default: 'node-soap' },
    data: { type: 'string', default: join(root, '.jolly') },
    pos: { type: 'string', default: 'ecr17' },
  },
});

const pos = posProtocols.find((name) => name === values.pos);
if (!pos) {
  console.error(`--pos ${values.pos}: one of ${posProtocols.join(', ')}`);
  process.exit(2);
}
const gateway = demoGateways.find((known) => known === values.gateway);
if (!gateway) {
  console.error(`--gateway is one of: ${demoGateways.join(', ')}`);
  process.exit(2);
}

mkdirSync(values.data, { recursive: true, mode: 0o700 });
const keeper = keptBy(values.data);
if (keeper !== undefined) {
  console.error(`
Jolly runs already with the data in ${values.data} (process ${keeper}).
Stop it with Ctrl-C where it was started, or start another one beside it: npm start -- --data <folder>
`);
  process.exit(1);
}

const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
if (values.fresh) {
  for (const name of readdirSync(values.data)) {
    if (name !== 'launcher.pid') rmSync(join(values.data, name), { recursive: true, force: true });
  }
}

const demo = await startDemo({
  dataDir: values.data,
  ports: { kiosk: 7300, fleet: 7301, panel: 7302 },
  pos,
  pace: { posMs: 900, nodeMs: 250 },
  gateway,
  note: (line) => console.log(line),
});

console.log(`
Jolly is running with simulated devices. Nothing here is real money.

  Kiosk screen    ${demo.kioskUrl}
  Fleet console   ${demo.fleetUrl}/console/
  Device panel    ${demo.panelUrl}

Open the kiosk, then scan a notice or hold a citizen's card from the panel. The kiosk's address works once; a reload is fine.
Another terminal: npm run -s jolly -- doctor --config ${demo.kioskConfig}
Stop with Ctrl-C. Data and logs are kept in ${values.data}; start again with \`npm start -- --fresh\` to forget it.
`);

const screen = values['no-screen']
  ? undefined
  : openScreen(chooseScreen(process.env), {
      url: demo.kioskUrl,
      config: demo.kioskConfig,
      profile: join(values.data, 'browser'),
    });

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  screen?.kill();
  await demo.stop();
  process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
