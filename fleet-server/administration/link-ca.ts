import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@jolly/contracts/values';
import { openTenantCa } from '../enrolment/index.ts';
import { openKeyring, openVault } from '../sealing/index.ts';
import { type AdministrationIo, withServer } from './opened.ts';

const USAGE = `usage: jolly link-ca --config <file> --out <folder> [--tenant <id>]
writes authorities.pem: the authorities that sign terminals' certificates, and revoked.pem: their lists of
certificates no longer good, each valid for seven days; of all municipalities or of one
`;

/**
 * `jolly link-ca …`: what a broker of the house's must know of terminals' certificates. The server may be running. Each file is replaced
 * whole: a broker that reads meanwhile finds the old one or the new one. Resolves to the exit status.
 */
export async function runLinkCaCommand(args: readonly string[], io: AdministrationIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, out: { type: 'string' }, tenant: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const { config: file, out, tenant } = values;
  if (typeof file !== 'string' || typeof out !== 'string' || positionals.length > 0) {
    io.print(USAGE);
    return 2;
  }
  return withServer(file, io, async ({ config, store }) => {
    const known = config.tenants.map(({ id }) => id);
    const tenants = tenant === undefined ? known : known.filter((id) => id === tenant);
    if (tenants.length === 0) {
      io.print(USAGE);
      return 2;
    }
    const vault = openVault(store, openKeyring(config.masterKeyFile), systemClock);
    const ca = openTenantCa({ store, vault, clock: systemClock });
    const authorities: string[] = [];
    const lists: string[] = [];
    for (const id of tenants) {
      authorities.push(await ca.authority(id));
      lists.push(await ca.revocationList(id));
    }
    mkdirSync(out, { recursive: true });
    replace(join(out, 'authorities.pem'), authorities.join(''));
    replace(join(out, 'revoked.pem'), lists.join(''));
    io.print(`${tenants.length} authorities and their lists of revoked certificates are in ${out}`);
    return 0;
  });
}

function replace(file: string, content: string): void {
  const next = `${file}.new`;
  writeFileSync(next, content);
  renameSync(next, file);
}
