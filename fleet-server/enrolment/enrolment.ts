import type { Http } from '../http/index.ts';
import type { ConsoleGate } from '../identity/index.ts';
import type { LinkGate } from '../link/index.ts';
import type { Vault } from '../sealing/index.ts';
import { type LinkAccessSettings, openLinkWay } from './access.ts';
import { enrolmentConsoleRoutes } from './console-routes.ts';
import { type Leases, openLeases } from './leases.ts';
import { linkGate } from './link-gate.ts';
import { type LinkKeys, openLinkKeys } from './link-keys.ts';
import type { EnrolmentParts } from './parts.ts';
import type { EnrolmentTables } from './tables.ts';
import { openTenantCa, type TenantCa } from './tenant-ca.ts';
import { askRoutes, linkRoutes } from './terminal-routes.ts';
import { createWatchers, type Watchers } from './watchers.ts';

/** How terminals are taken in, known again, and let go. */
export interface Enrolment {
  readonly gate: LinkGate;
  readonly leases: Leases;
  readonly keys: LinkKeys;
  readonly ca: TenantCa;
  readonly watchers: Pick<Watchers, 'onSuspect' | 'onCleared' | 'onShut' | 'onPlaced'>;
  openRoutes(scope: Http): void;
  terminalRoutes(scope: Http): void;
  consoleRoutes(scope: Http): void;
  tidy(): Promise<void>;
}

export interface OpenEnrolment extends Omit<EnrolmentParts, 'watchers' | 'way'> {
  readonly vault: Vault;
  readonly people: ConsoleGate;
  readonly settings: LinkAccessSettings;
}

export function openEnrolment({ vault, people, settings, ...rest }: OpenEnrolment): Enrolment {
  const { store, clock, random, audit } = rest;
  const watchers = createWatchers();
  const keys = openLinkKeys(vault, clock);
  const ca = openTenantCa({ store, vault, clock });
  const way = openLinkWay({ settings, keys, ca, publicUrl: rest.publicUrl });
  const parts: EnrolmentParts = { ...rest, watchers, way };
  return {
    gate: linkGate(store, clock),
    leases: openLeases({ clock, random, audit, watchers }),
    keys,
    ca,
    watchers,
    openRoutes: (scope) => askRoutes(scope, parts),
    terminalRoutes: (scope) => linkRoutes(scope, parts),
    consoleRoutes: (scope) => enrolmentConsoleRoutes(scope, parts, people),
    async tidy() {
      const db = store.of<EnrolmentTables>();
      const now = clock.now();
      await db.deleteFrom('pending_enrolment').where('expires_at', '<=', now).execute();
      await db.deleteFrom('pre_authorisation').where('expires_at', '<=', now).execute();
      await db.deleteFrom('link_certificate').where('not_after', '<=', now).execute();
    },
  };
}
