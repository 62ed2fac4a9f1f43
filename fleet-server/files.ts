import type { Fault } from '@jolly/contracts/fleet-api';
import { type Catalogue, openCatalogue } from './catalogue/index.ts';
import { faultsOfMethods } from './citizens/index.ts';
import type { ServerConfig } from './config.ts';
import { FaultsFound } from './problems/index.ts';
import { openTrust, type Trust } from './trust/index.ts';

/** The catalogues of all tenants. Throws CONFIG_INVALID with every fault of every file. */
export function readCatalogues(
  config: ServerConfig,
  refused: (tenantId: string, faults: readonly Fault[]) => void,
): ReadonlyMap<string, Catalogue> {
  const faults: Fault[] = [];
  const found = new Map<string, Catalogue>();
  for (const { id, services } of config.tenants) {
    if (!services) continue;
    const read = openCatalogue(services.catalogueFile, (each) => refused(id, each));
    if (read.ok) found.set(id, read.catalogue);
    else
      faults.push(
        ...read.faults.map(({ path, message }) => ({ path: `${services.catalogueFile} ${path}`, message })),
      );
  }
  if (faults.length > 0) throw new FaultsFound('CONFIG_INVALID', faults);
  return found;
}

/** The anchors of the settings. Throws CONFIG_INVALID with every fault of every file. */
export function readTrust(config: ServerConfig): Trust {
  const production = config.mode === 'production';
  const { trust, faults } = openTrust(config.trust, production);
  const all = [...faults, ...(production ? faultsOfMethods(config.tenants, trust) : [])];
  if (all.length > 0) throw new FaultsFound('CONFIG_INVALID', all);
  return trust;
}
