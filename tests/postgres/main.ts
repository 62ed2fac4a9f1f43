/**
 * `npm test -- postgres`: the server's suite once more, on PostgreSQL: a cluster in a scratch folder, one database a test rig. Further
 * arguments go to vitest: `node tests/postgres/main.ts fleet-server/payments`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Cluster, makeCluster, makeTemplate, postgresPrograms } from '@jolly/fleet-server/testing';

const root = join(import.meta.dirname, '..', '..');
const asked = process.argv.slice(2);

if (!postgresPrograms()) {
  console.log('postgres skipped: no PostgreSQL (apt-get install postgresql)');
  process.exit(process.env.JOLLY_REQUIRE_TOOLS === '1' ? 1 : 0);
}

let cluster: Cluster | undefined;
let ended = false;
async function end(status: number): Promise<never> {
  if (!ended) {
    ended = true;
    await cluster?.remove();
  }
  process.exit(status);
}

cluster = await makeCluster();
await makeTemplate(cluster.url);
const tests = spawn(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--project', 'integration', ...(asked.length > 0 ? asked : ['fleet-server/', 'tests/pagopa'])],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, JOLLY_TEST_STORE: 'postgres', JOLLY_TEST_POSTGRES: cluster.url },
  },
);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    tests.kill(signal);
    void end(128 + (signal === 'SIGINT' ? 2 : 15));
  });
}
tests.once('exit', (code) => void end(code ?? 1));
