import type { Hello } from '@jolly/contracts/fleet-link';
import type { FleetLink } from '../link/index.ts';
import type { Tables } from '../store/index.ts';
import { isCurrent, keepReported, overtake, renew, settingsRow, settingsState } from './desired.ts';
import { type Address, placeOf } from './places.ts';
import type { SettingsParts } from './settings.ts';
import { openSpread, type Spread, type SpreadParts } from './spread.ts';
import type { TwinTables } from './tables.ts';

export interface TwinParts extends Omit<SettingsParts, 'spread'>, Omit<SpreadParts, 'link'> {
  readonly link: FleetLink;
}

/** How every terminal of the installation is told to be. */
export interface Twin {
  readonly spread: Spread;
  /** What the routes work with. */
  readonly parts: SettingsParts;
  /** A terminal came to another site: its settings may be other ones now. */
  lookAgain(terminal: Address): Promise<void>;
}

/** More numbers than a server gives a terminal between a backup and its end. */
const SKIPPED = 1_000;

/**
 * For who puts a backup back: what a terminal was given since then is not in it, and no number may be given a second time with other
 * settings under it.
 */
export async function skipSettingsNumbers(tables: Tables, now: number): Promise<void> {
  await tables
    .of<TwinTables>()
    .updateTable('terminal_settings')
    .set((eb) => ({ version: eb('version', '+', SKIPPED), send_at: now }))
    .where('version', '>', 0)
    .execute();
}

export function openTwin(options: TwinParts): Twin {
  const { store, clock, link, changes } = options;
  const spread = openSpread(options);
  const parts = { ...options, spread };

  /** True when it has other settings now, which are on their way. */
  const renewOne = async (terminal: Address): Promise<boolean> => {
    const place = await placeOf(store, terminal);
    if (!place || (await isCurrent(store, place))) return false;
    await store.transaction((tx) => renew(tx, [place], clock.now()));
    spread.wake();
    return true;
  };
  const heard = async (from: Address, hello: Hello) => {
    const renewed = await renewOne(from);
    const desired = (await settingsRow(store, from))?.version ?? 0;
    if (desired === hello.settings || (renewed && desired > hello.settings)) return;
    if (desired < hello.settings) {
      await store.transaction((tx) => overtake(tx, from, hello, clock.now()));
    }
    spread.sendAgain(from);
  };
  link.onHello(heard);
  link.onReported(async (tx, from, now, before) => {
    const news = await keepReported(tx, from, now, before);
    if (news) store.afterCommit(() => changes.notify(from.tenantId, 'settings'));
  });

  return {
    spread,
    parts,
    async lookAgain(terminal) {
      await renewOne(terminal);
    },
  };
}

/** Which settings a terminal is told, has, or refused. */
export async function settingsStanding(db: Tables, terminal: Address) {
  const row = await settingsRow(db, terminal);
  const reported = row?.reported_version ?? undefined;
  return {
    desired: row?.version ?? 0,
    ...(reported === undefined ? {} : { reported }),
    state: settingsState(row),
  };
}
