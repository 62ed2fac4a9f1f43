import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  SettingsLayer,
  SettingsPreview,
  SettingsVersion,
  SettingsWrite,
} from '@jolly/contracts/fleet-api';
import { changesBetween, effectiveSettings, type TerminalSettings } from '@jolly/contracts/twin';
import type { Clock } from '@jolly/contracts/values';
import { type Audit, CENTRE } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables, Transaction } from '../store/index.ts';
import { checkDocument, readDocument, readStored, textOf } from './document.ts';
import { isPlace, type LayerKey, layersOf, placesAfter } from './places.ts';
import { addWork, type Spread } from './spread.ts';
import type { TwinTables } from './tables.ts';

/** Versions of a layer that its page shows; older ones stay in the store. */
const MOST_HISTORY = 100;
/** Terminals that a preview names. */
const MOST_NAMED = 100;
const PREVIEW_SLICE = 500;

export interface SettingsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly audit: Audit;
  readonly spread: Spread;
  /** Every municipality of the installation. */
  readonly tenants: readonly string[];
}

interface Word {
  readonly by: string;
  readonly baseVersion: number;
  readonly note: string;
}

/** One layer with its history. Throws NOT_FOUND for a place that is not there. */
export async function readLayer(db: Tables, key: LayerKey): Promise<SettingsLayer> {
  if (!(await isPlace(db, key))) throw fail('NOT_FOUND');
  const head = await headOf(db, key);
  return { layer: key.layer, id: key.id, ...head, history: await historyOf(db, key) };
}

/** Stores a new version and begins to bring it to the terminals. Throws SETTINGS_REFUSED, SETTINGS_CHANGED, NOT_FOUND. */
export async function writeLayer(
  parts: SettingsParts,
  key: LayerKey,
  word: Word & Pick<SettingsWrite, 'document'>,
): Promise<SettingsLayer> {
  const document = checkDocument(word.document);
  await change(parts, key, word, async () => ({ document }));
  return readLayer(parts.store, key);
}

/** Goes back to what the layer said in a version of it; 0 is before anything was said. */
export async function revertLayer(
  parts: SettingsParts,
  key: LayerKey,
  word: Word & { readonly version: number },
): Promise<SettingsLayer> {
  await change(parts, key, word, async (tx) => ({
    // Also what was once right is checked: the schema may be another one now.
    document: checkDocument(word.version === 0 ? {} : JSON.parse(await versionText(tx, key, word.version))),
    revertOf: word.version,
  }));
  return readLayer(parts.store, key);
}

async function change(
  { store, clock, changes, audit, spread, tenants }: SettingsParts,
  key: LayerKey,
  { by, baseVersion, note }: Word,
  said: (tx: Transaction) => Promise<{ readonly document: TerminalSettings; readonly revertOf?: number }>,
): Promise<void> {
  const concerned = key.tenantId === CENTRE ? [CENTRE, ...tenants] : [key.tenantId];
  await store.transaction(async (tx) => {
    if (!(await isPlace(tx, key))) throw fail('NOT_FOUND');
    const head = await headOf(tx, key);
    if (head.version !== baseVersion) throw fail('SETTINGS_CHANGED');
    const { document, revertOf } = await said(tx);
    const differences = changesBetween(head.document, document);
    if (differences.length === 0) return;
    const version = (await newestVersion(tx)) + 1;
    const text = textOf(document);
    const layer = { tenant_id: key.tenantId, layer: key.layer, layer_id: key.id };
    await tx
      .of<TwinTables>()
      .insertInto('settings_version')
      .values({
        ...layer,
        version,
        at: clock.now(),
        author: by,
        note,
        revert_of: revertOf ?? null,
        document: text,
      })
      .execute();
    await tx
      .of<TwinTables>()
      .insertInto('settings_layer')
      .values({ ...layer, version, document: text })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'layer', 'layer_id']).doUpdateSet({ version, document: text }),
      )
      .execute();
    await addWork(tx, key, version);
    // Each municipality finds in its own log what was done to its terminals, also by the centre.
    for (const tenantId of concerned) {
      await audit.record(tx, {
        tenantId,
        actor: by,
        act: revertOf === undefined ? 'settings-written' : 'settings-reverted',
        subject: `${key.layer}/${key.id}`,
        detail: {
          version,
          note,
          changes: differences.length,
          ...(revertOf === undefined ? {} : { revertOf }),
        },
      });
    }
  });
  for (const each of concerned) changes.notify(each, 'settings');
  spread.wake();
}

/** What a change would do. Terminals of other municipalities are counted, never named. */
export async function previewLayer(
  { store }: SettingsParts,
  key: LayerKey,
  { tenantId, document }: { readonly tenantId: string; readonly document: unknown },
): Promise<SettingsPreview> {
  if (!(await isPlace(store, key))) throw fail('NOT_FOUND');
  const { settings, faults } = readDocument(document);
  if (!settings) return { faults, changes: [], affected: [], affectedCount: 0 };
  const changes = changesBetween((await headOf(store, key)).document, settings);
  const affected: SettingsPreview['affected'] = [];
  let affectedCount = 0;
  let after = { tenantId: '', terminalId: '' };
  // Terminals of one place without words of their own change alike.
  const known = new Map<string, SettingsPreview['changes']>();
  for (;;) {
    const places = changes.length === 0 ? [] : await placesAfter(store, key, after, PREVIEW_SLICE);
    const layers = await layersOf(store, places);
    for (const place of places) {
      const before = layers(place);
      const name = before.terminal === undefined ? `${place.tenantId}/${place.siteId ?? ''}` : undefined;
      const would =
        (name === undefined ? undefined : known.get(name)) ??
        changesBetween(effectiveSettings(before), effectiveSettings({ ...before, [key.layer]: settings }));
      if (name !== undefined && key.layer !== 'terminal') known.set(name, would);
      if (would.length === 0) continue;
      affectedCount += 1;
      if (place.tenantId === tenantId && affected.length < MOST_NAMED) {
        affected.push({ terminalId: place.terminalId, changes: would });
      }
    }
    const last = places.at(-1);
    if (!last || places.length < PREVIEW_SLICE) return { faults, changes, affected, affectedCount };
    after = last;
    await nextTurn();
  }
}

async function headOf(
  db: Tables,
  key: LayerKey,
): Promise<{ readonly version: number; readonly document: TerminalSettings }> {
  const row = await db
    .of<TwinTables>()
    .selectFrom('settings_layer')
    .select(['version', 'document'])
    .where('tenant_id', '=', key.tenantId)
    .where('layer', '=', key.layer)
    .where('layer_id', '=', key.id)
    .executeTakeFirst();
  return row ? { version: row.version, document: readStored(row.document) } : { version: 0, document: {} };
}

async function newestVersion(tx: Transaction): Promise<number> {
  const { newest } = await tx
    .of<TwinTables>()
    .selectFrom('settings_version')
    .select((eb) => eb.fn.max('version').as('newest'))
    .executeTakeFirstOrThrow();
  return Number(newest ?? 0);
}

async function versionText(tx: Transaction, key: LayerKey, version: number): Promise<string> {
  const row = await tx
    .of<TwinTables>()
    .selectFrom('settings_version')
    .select('document')
    .where('tenant_id', '=', key.tenantId)
    .where('version', '=', version)
    .where('layer', '=', key.layer)
    .where('layer_id', '=', key.id)
    .executeTakeFirst();
  if (!row) throw fail('NOT_FOUND');
  return row.document;
}

async function historyOf(db: Tables, key: LayerKey): Promise<SettingsVersion[]> {
  const rows = await db
    .of<TwinTables>()
    .selectFrom('settings_version')
    .selectAll()
    .where('tenant_id', '=', key.tenantId)
    .where('layer', '=', key.layer)
    .where('layer_id', '=', key.id)
    .orderBy('version', 'desc')
    .limit(MOST_HISTORY + 1)
    .execute();
  return rows.slice(0, MOST_HISTORY).map((row, index) => {
    const before = rows[index + 1];
    return {
      version: row.version,
      at: row.at,
      by: row.author,
      note: row.note,
      ...(row.revert_of === null ? {} : { revertOf: row.revert_of }),
      changes: changesBetween(before ? readStored(before.document) : {}, readStored(row.document)),
    };
  });
}
