import type { IdentityTables } from '../identity/index.ts';
import type { SiteTables } from '../sites/index.ts';
import type { TerminalTables } from '../terminals/index.ts';

/** What the fleet's pages join; each table is its capability's own, and none of them is written here. */
export type FleetTables = IdentityTables & SiteTables & TerminalTables;
