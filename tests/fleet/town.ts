import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const TENANT = 'prova';
export const ENROLMENT_CODE = 'prova-2026-guasti';
export const SITES = ['Municipio', 'Biblioteca', 'Stazione', 'Ospedale'] as const;

const MEMORY = '/dev/shm';
const NEEDED_BYTES = 4 * 1024 ** 3;

/** A folder for two hundred terminals: in memory where there is room, for what is killed here is never the computer. */
export function makeFolder(): { readonly folder: string; remove(): void } {
  const roomy = existsSync(MEMORY) && statfsSync(MEMORY).bavail * statfsSync(MEMORY).bsize > NEEDED_BYTES;
  const folder = mkdtempSync(join(roomy ? MEMORY : tmpdir(), 'jolly-faults-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const ended = (code: number) => {
    // told to end: nobody comes to look at it
    if (code > 128) remove();
  };
  process.on('exit', ended);
  return {
    folder,
    remove: () => {
      process.off('exit', ended);
      remove();
    },
  };
}

/** Settings of a server of the demo, behind the wire. */
export const serverSettings = (folder: string, publicUrl: string, more: object = {}) => ({
  mode: 'demo',
  listen: { host: '127.0.0.1', port: 0 },
  publicUrl,
  dataDir: join(folder, 'server'),
  masterKeyFile: join(folder, 'master.key'),
  tenants: [{ id: TENANT, name: 'Comune di Prova', creditorTaxCode: '77777777777' }],
  gateway: {
    kind: 'node-soap',
    url: 'http://127.0.0.1:1',
    pspName: 'Banca Dimostrativa',
    pspTaxCode: '02654890025',
    idPsp: 'BDIMITMM',
    idBrokerPsp: '02654890025',
    idChannel: '02654890025_01',
  },
  demo: {
    enrolmentCode: ENROLMENT_CODE,
    sites: SITES.map((name) => ({ name, address: `${name}, 1`, lat: 43.88, lon: 11.09 })),
  },
  ...more,
});
