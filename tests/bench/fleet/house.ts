import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { actOnMadeUp } from '@jolly/fleet-server/made-up';
import { type BrokerAddress, madeUp } from '@jolly/simulators/fleet-load';
import { type Started, startProcess } from '@jolly/simulators/process';
import { Person } from './person.ts';

const root = new URL('../../../', import.meta.url).pathname;
export const TENANT = 'comune-di-prova';
const SEED = 'bench';

/** A fleet server in a process of its own, with a crowd enrolled in its store: SQLite on the disk, TLS by a test authority. */
export interface House {
  readonly url: string;
  readonly pid: number;
  readonly broker: BrokerAddress;
  readonly crowd: { readonly tenantId: string; readonly seed: string; readonly broker: BrokerAddress };
  person(): Promise<Person>;
  stop(): Promise<void>;
}

export async function openHouse(options: {
  readonly folder: string;
  readonly terminals: number;
  readonly tls: boolean;
}): Promise<House> {
  const { folder, terminals, tls } = options;
  mkdirSync(folder, { recursive: true });
  const [listenPort, linkPort] = [await freePort(), await freePort()];
  const keyFile = join(folder, 'link-key.pem');
  const certFile = join(folder, 'link-cert.pem');
  makeCertificate(keyFile, certFile);
  const door = { host: '127.0.0.1', port: linkPort };
  const config = join(folder, 'server.json');
  const settings = {
    mode: 'demo',
    listen: { host: '127.0.0.1', port: listenPort },
    dataDir: join(folder, 'data'),
    masterKeyFile: join(folder, 'data', 'master.key'),
    tenants: [{ id: TENANT, name: 'Comune di Prova', creditorTaxCode: '77777777777' }],
    gateway: {
      ...{ kind: 'node-soap', url: 'http://127.0.0.1:9', idPsp: 'BDIMITMM', idBrokerPsp: '02654890025' },
      ...{ idChannel: '02654890025_01', pspName: 'Banca Dimostrativa S.p.A.', pspTaxCode: '02654890025' },
    },
    link: { broker: 'embedded', ...(tls ? { tls: { ...door, keyFile, certFile } } : { tcp: door }) },
    log: { level: 'warn' },
    consoleDir: join(root, 'ui/fleet/dist'),
    demo: { enrolmentCode: 'prova-2026-codice' },
  };
  writeFileSync(config, JSON.stringify(settings));
  const said: string[] = [];
  const status = await actOnMadeUp({
    act: 'enrol',
    config,
    tenantId: TENANT,
    terminals: madeUp(SEED, 1, terminals),
    testServer: false,
    print: (line) => said.push(line),
  });
  if (status !== 0) throw new Error(`the crowd is not enrolled: ${said.join('; ')}`);
  const server: Started<{ readonly url: string; readonly pid: number }> = await startProcess(
    join(root, 'fleet-server/main.ts'),
    ['--config', config],
    { logFile: join(folder, 'server.log') },
  );
  const broker = {
    url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${linkPort}`,
    ...(tls ? { ca: readFileSync(certFile, 'utf8') } : {}),
  };
  const { url, pid } = server.ready;
  return {
    url,
    pid,
    broker,
    crowd: { tenantId: TENANT, seed: SEED, broker },
    person: () => Person.signIn(url),
    stop: () => server.stop(),
  };
}

/** ECDSA P-256, as most servers have today; it signs itself. */
function makeCertificate(keyFile: string, certFile: string): void {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  );
}

/** The server does not tell the port of its link. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
