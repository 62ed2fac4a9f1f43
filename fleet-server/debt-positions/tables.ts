import type { NumberedMigration, Transaction } from '../store/index.ts';

export interface DebtPositionTables {
  /** One for each request of a terminal. Nothing of the answers is here. */
  debt_position: {
    tenant_id: string;
    terminal_id: string;
    request_id: string;
    service: string;
    version: number;
    iupd: string;
    iuv: string;
    notice_number: string;
    amount_cents: number;
    /** `made`: its IUV is taken, the archive has not said yes yet. */
    state: 'made' | 'created';
    made_at: number;
    created_at: number | null;
  };
  /** The last 13 digits given out, for each segregation code of a tenant. */
  iuv_counter: { tenant_id: string; segregation_code: string; last: number };
}

export const debtPositionMigrations: readonly NumberedMigration[] = [
  {
    name: '012-debt-positions',
    up: async (db) => {
      await db.schema
        .createTable('debt_position')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('terminal_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('request_id', 'varchar(36)', (column) => column.notNull())
        .addColumn('service', 'varchar(80)', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('iupd', 'varchar(60)', (column) => column.notNull())
        .addColumn('iuv', 'varchar(17)', (column) => column.notNull())
        .addColumn('notice_number', 'varchar(18)', (column) => column.notNull())
        .addColumn('amount_cents', 'bigint', (column) => column.notNull())
        .addColumn('state', 'varchar(10)', (column) => column.notNull())
        .addColumn('made_at', 'bigint', (column) => column.notNull())
        .addColumn('created_at', 'bigint')
        .addPrimaryKeyConstraint('debt_position_pk', ['tenant_id', 'terminal_id', 'request_id'])
        .addUniqueConstraint('debt_position_iuv', ['tenant_id', 'iuv'])
        .execute();
      await db.schema
        .createTable('iuv_counter')
        .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
        .addColumn('segregation_code', 'varchar(2)', (column) => column.notNull())
        .addColumn('last', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('iuv_counter_pk', ['tenant_id', 'segregation_code'])
        .execute();
    },
    down: async (db) => {
      await db.schema.dropTable('iuv_counter').execute();
      await db.schema.dropTable('debt_position').execute();
    },
  },
];

/** Digits of the counter in a notice of aux 3. */
const COUNTER_DIGITS = 13;

/**
 * The next 13 digits of a segregation code, committed with the transaction that takes them and never given out again. The counter is
 * never behind the clock (epoch ms has 13 digits until the year 2286), so that a server restored from an old copy does not
 * repeat what it gave out after the copy was made.
 */
export async function nextCounter(
  tx: Transaction,
  tenantId: string,
  segregationCode: string,
  now: number,
): Promise<string> {
  const db = tx.of<DebtPositionTables>();
  const row = await db
    .selectFrom('iuv_counter')
    .select('last')
    .where('tenant_id', '=', tenantId)
    .where('segregation_code', '=', segregationCode)
    .executeTakeFirst();
  const last = Math.max((row?.last ?? 0) + 1, Math.floor(now));
  await db
    .insertInto('iuv_counter')
    .values({ tenant_id: tenantId, segregation_code: segregationCode, last })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'segregation_code']).doUpdateSet({ last }))
    .execute();
  return String(last).padStart(COUNTER_DIGITS, '0');
}
