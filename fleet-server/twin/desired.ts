import type { Hello, Reported } from '@jolly/contracts/fleet-link';
import { effectiveSettings, type LayerDocuments } from '@jolly/contracts/twin';
import type { Selectable } from 'kysely';
import type { Tables, Transaction } from '../store/index.ts';
import { hashOf, textOf } from './document.ts';
import { type Address, layersOf, type Placed } from './places.ts';
import type { TwinTables } from './tables.ts';

export type SettingsRow = Selectable<TwinTables['terminal_settings']>;
type Rows = ReadonlyMap<string, SettingsRow>;

const NOTHING = { text: '{}', hash: hashOf('{}') };

export async function settingsRow(db: Tables, { tenantId, terminalId }: Address) {
  return db
    .of<TwinTables>()
    .selectFrom('terminal_settings')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('terminal_id', '=', terminalId)
    .executeTakeFirst();
}

/** One document each; terminals without words of their own share that of their place. */
function effectiveOf(layers: (place: Placed) => LayerDocuments) {
  const known = new Map<string, { text: string; hash: string }>();
  return (place: Placed) => {
    const documents = layers(place);
    const name = documents.terminal === undefined ? `${place.tenantId}/${place.siteId ?? ''}` : undefined;
    const found = name === undefined ? undefined : known.get(name);
    if (found) return found;
    const text = textOf(effectiveSettings(documents));
    const made = { text, hash: hashOf(text) };
    if (name !== undefined) known.set(name, made);
    return made;
  };
}

/**
 * Gives each of these terminals the settings that its layers make now. A number is used up only where the document is another one than
 * before. Resolves to those that have a new one.
 */
export async function renew(tx: Transaction, places: readonly Placed[], now: number): Promise<Placed[]> {
  const effective = effectiveOf(await layersOf(tx, places));
  const rows = await rowsOf(tx, places);
  const changed = places.flatMap((place) => {
    const row = rows.get(`${place.tenantId}/${place.terminalId}`);
    const document = effective(place);
    return document.hash === (row?.hash ?? NOTHING.hash) ? [] : [{ place, row, document }];
  });
  if (changed.length === 0) return [];
  await tx
    .of<TwinTables>()
    .insertInto('terminal_settings')
    .values(
      changed.map(({ place, row, document }) => ({
        tenant_id: place.tenantId,
        terminal_id: place.terminalId,
        version: Math.max(row?.version ?? 0, row?.reported_version ?? 0) + 1,
        hash: document.hash,
        document: document.text,
        changed_at: now,
        send_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'terminal_id']).doUpdateSet((eb) => ({
        version: eb.ref('excluded.version'),
        hash: eb.ref('excluded.hash'),
        document: eb.ref('excluded.document'),
        changed_at: eb.ref('excluded.changed_at'),
        send_at: eb.ref('excluded.send_at'),
      })),
    )
    .execute();
  return changed.map(({ place }) => place);
}

/** Whether `renew` would give this terminal another document: asked at every hello, most of which change nothing. */
export async function isCurrent(db: Tables, place: Placed): Promise<boolean> {
  const effective = effectiveOf(await layersOf(db, [place]));
  const row = await settingsRow(db, place);
  return effective(place).hash === (row?.hash ?? NOTHING.hash);
}

/** By `tenant/terminal`; who never had any has none. */
export async function rowsOf(db: Tables, places: readonly Address[]): Promise<Rows> {
  const tenants = new Map<string, string[]>();
  for (const { tenantId, terminalId } of places) {
    tenants.set(tenantId, [...(tenants.get(tenantId) ?? []), terminalId]);
  }
  const rows: SettingsRow[] = [];
  for (const [tenantId, terminals] of tenants) {
    rows.push(
      ...(await db
        .of<TwinTables>()
        .selectFrom('terminal_settings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('terminal_id', 'in', terminals)
        .execute()),
    );
  }
  return new Map(rows.map((row) => [`${row.tenant_id}/${row.terminal_id}`, row]));
}

/**
 * A terminal that holds a number which was never given (this server's data are older than the terminal's: a backup was put back) would
 * take nothing older any more: its settings get the number after that one. Whoever asks for this sends them.
 */
export async function overtake(tx: Transaction, from: Address, hello: Hello, now: number): Promise<void> {
  const row = await settingsRow(tx, from);
  if (hello.settings <= (row?.version ?? 0)) return;
  const values = { version: hello.settings + 1, changed_at: now, send_at: null };
  await tx
    .of<TwinTables>()
    .insertInto('terminal_settings')
    .values({
      tenant_id: from.tenantId,
      terminal_id: from.terminalId,
      hash: NOTHING.hash,
      document: NOTHING.text,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id']).doUpdateSet(values))
    .execute();
}

/** Keeps what a terminal says of its settings. False when that is nothing new. */
export async function keepReported(
  tx: Transaction,
  from: Address,
  { settings }: Reported,
  before: Reported | undefined,
): Promise<boolean> {
  if (before && JSON.stringify(before.settings) === JSON.stringify(settings)) return false;
  const values = {
    reported_version: settings.version,
    refused_version: settings.refused?.version ?? null,
    faults: settings.refused ? JSON.stringify(settings.refused.faults) : null,
  };
  await tx
    .of<TwinTables>()
    .insertInto('terminal_settings')
    .values({
      tenant_id: from.tenantId,
      terminal_id: from.terminalId,
      version: 0,
      hash: NOTHING.hash,
      document: NOTHING.text,
      changed_at: 0,
      send_at: null,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'terminal_id']).doUpdateSet(values))
    .execute();
  return true;
}

/** How far a terminal is with what it is told to be. */
export function settingsState(
  row: Pick<SettingsRow, 'version' | 'reported_version' | 'refused_version'> | undefined,
): 'current' | 'on-its-way' | 'refused' | 'none' {
  const desired = row?.version ?? 0;
  const reported = row?.reported_version ?? undefined;
  if (desired === 0 && (reported ?? 0) === 0) return 'none';
  if (row?.refused_version === desired) return 'refused';
  return reported === desired ? 'current' : 'on-its-way';
}
