import { isJollyError } from '@jolly/contracts/values';
import { type AuditTables, openAudit } from '../audit/index.ts';
import { verifySeals } from '../reconciliation/index.ts';
import { openVault, type SecretName, type SecretTables } from '../sealing/index.ts';
import type { Store } from '../store/index.ts';
import type { BackupParts } from './make.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly says: string;
}

/** What a restored store must show before it can be believed. */
export async function checkStore(store: Store, parts: BackupParts): Promise<readonly Check[]> {
  return [
    await rows(store),
    await sealedSecrets(store, parts),
    await auditChains(store, parts),
    await sealedDays(store),
  ];
}

async function rows(store: Store): Promise<Check> {
  const db = store.of<Record<string, Record<string, unknown>>>();
  const tables = (await db.introspection.getTables()).map(({ name }) => name).sort();
  const counted: string[] = [];
  for (const table of tables) {
    const { count } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) > 0) counted.push(`${table} ${count}`);
  }
  return { name: 'rows', ok: true, says: counted.length > 0 ? counted.join(', ') : 'none' };
}

async function sealedSecrets(store: Store, { keyring, clock }: BackupParts): Promise<Check> {
  const vault = openVault(store, keyring, clock);
  const found = await store.of<SecretTables>().selectFrom('secret').select(['tenant_id', 'name']).execute();
  const closed: string[] = [];
  for (const { tenant_id, name } of found) {
    try {
      await vault.get(tenant_id, name as SecretName);
    } catch (error) {
      if (!isJollyError(error, 'SECRET_UNREADABLE')) throw error;
      closed.push(`${tenant_id} ${name}`);
    }
  }
  return {
    name: 'secrets',
    ok: closed.length === 0,
    says: closed.length === 0 ? `${found.length} open` : `do not open: ${closed.join(', ')}`,
  };
}

async function auditChains(store: Store, { keyring, clock }: BackupParts): Promise<Check> {
  const audit = openAudit(store, clock, keyring);
  const db = store.of<AuditTables>();
  const lines = await db.selectFrom('audit_line').select('tenant_id').distinct().execute();
  const heads = await db.selectFrom('audit_head').select('tenant_id').execute();
  const faults: string[] = [];
  let count = 0;
  const tenants = new Set([...lines, ...heads].map((row) => row.tenant_id));
  for (const tenantId of tenants) {
    const verified = await audit.verify(tenantId);
    count += verified.head.count;
    for (const { seq, what } of verified.faults) faults.push(`${tenantId} ${seq} ${what}`);
  }
  return {
    name: 'audit log',
    ok: faults.length === 0,
    says:
      faults.length === 0
        ? `${count} lines of ${tenants.size} chains hold`
        : `broken: ${faults.slice(0, 10).join(', ')}`,
  };
}

async function sealedDays(store: Store): Promise<Check> {
  const { chains, broken } = await verifySeals(store);
  return {
    name: 'sealed days',
    ok: broken.length === 0,
    says: broken.length === 0 ? `${chains} chains hold` : `broken: ${broken.slice(0, 10).join(', ')}`,
  };
}
