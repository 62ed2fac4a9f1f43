import type { Kysely } from 'kysely';

export interface SiteTables {
  site: {
    tenant_id: string;
    site_id: string;
    name: string;
    address: string;
    lat: number | null;
    lon: number | null;
  };
}

/** Part of 015-enrolment, which needs it. */
export async function createSites(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('site')
    .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
    .addColumn('site_id', 'varchar(36)', (column) => column.notNull())
    .addColumn('name', 'varchar(120)', (column) => column.notNull())
    .addColumn('address', 'varchar(200)', (column) => column.notNull())
    .addColumn('lat', 'double precision')
    .addColumn('lon', 'double precision')
    .addPrimaryKeyConstraint('site_pk', ['tenant_id', 'site_id'])
    .execute();
}

export async function dropSites(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('site').execute();
}
