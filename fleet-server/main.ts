import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { makeGateway } from './gateway/index.ts';
import { openLogStream } from './logs/index.ts';
import { allMigrations } from './schema.ts';
import { openKeyring } from './sealing/index.ts';
import { buildServer } from './server.ts';
import { gatewayOf, readSettings } from './settings.ts';
import { openStore } from './store/index.ts';

/**
 * `node fleet-server/main.ts --config <file>`: one JSON line on standard output when it listens, the log on standard
 * error. SIGTERM ends it gracefully; a kill loses nothing that was answered.
 */
const { values } = parseArgs({ options: { config: { type: 'string' } } });
if (!values.config) {
  process.stderr.write('usage: node fleet-server/main.ts --config <file>\n');
  process.exit(2);
}
const config = readSettings(values.config);
mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
const log = openLogStream(config.log);
const server = await buildServer({
  config,
  clock: systemClock,
  keyring: openKeyring(config.masterKeyFile),
  store: await openStore(config, allMigrations, {
    lost: (error) =>
      log.write(`${JSON.stringify({ level: 40, time: Date.now(), msg: `store: ${error.message}` })}\n`),
  }),
  logLevel: config.log.level,
  logTo: log,
  makeGateway: (tenantId, credentials) =>
    makeGateway(gatewayOf(config, tenantId), () => credentials.current()),
});
const url = await server.app.listen({ host: config.listen.host, port: config.listen.port });
await server.start();
process.stdout.write(`${JSON.stringify({ ready: true, name: 'fleet-server', url, pid: process.pid })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      },
    );
  });
}
