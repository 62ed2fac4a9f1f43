import { type Clock, Secret } from '@jolly/contracts/values';
import { fail } from '../problems/index.ts';
import type { Store, Tables } from '../store/index.ts';
import type { Keyring } from './keyring.ts';
import type { SecretTables } from './tables.ts';

/** Names of the credentials: the gateway's, then the keys of the archive of debt positions and of checkout. */
export const SECRET_NAMES = [
  'gateway-password',
  'gateway-subscription-key',
  'debt-positions-key',
  'checkout-key',
  'gateway-client-secret',
  'gateway-callback-token',
  'smtp-password',
  'webhook-secret',
] as const;
/**
 * What the server makes itself, and nobody sets: a municipality's key for client certificates, and (of `CENTRE`) the keys that sign
 * what goes down the fleet link.
 */
type MadeHere = 'link-ca-key' | 'link-key' | 'link-key-next';
/** Whose secrets are those of the whole installation; no municipality has this id. */
export const CENTRE = '*';
/** Of a sign-in provider, by the id that the settings give it; the service centre's. */
export type OidcSecretName = `oidc-${string}`;
export type SecretName = (typeof SECRET_NAMES)[number] | OidcSecretName | MadeHere;

/** The credentials that each kind of gateway uses. */
export const secretsOf: Readonly<Record<'node-soap' | 'mil' | 'pos-gateway', readonly SecretName[]>> = {
  'node-soap': ['gateway-password', 'gateway-subscription-key'],
  mil: ['gateway-client-secret'],
  'pos-gateway': ['gateway-subscription-key', 'gateway-callback-token'],
};

/** The municipality's credentials, sealed in the store. Read at each use, so a rotation takes effect at once. */
export interface Vault {
  set(tenantId: string, name: SecretName, value: Secret<string>): Promise<void>;
  /** Throws SECRET_MISSING when it was never set. */
  get(tenantId: string, name: SecretName): Promise<Secret<string>>;
  has(tenantId: string, name: SecretName): Promise<boolean>;
  /** Sets it where it was never set, whichever process comes first. Resolves to the one that holds. */
  setOnce(tenantId: string, name: SecretName, value: Secret<string>): Promise<Secret<string>>;
  remove(tenantId: string, name: SecretName): Promise<void>;
}

const contextOf = (tenantId: string, name: string) => `secret:${tenantId}:${name}`;

export function openVault(store: Store, keyring: Keyring, clock: Clock): Vault {
  const find = (tenantId: string, name: string) =>
    store
      .of<SecretTables>()
      .selectFrom('secret')
      .select('sealed')
      .where('tenant_id', '=', tenantId)
      .where('name', '=', name)
      .executeTakeFirst();
  const sealedRow = (tenantId: string, name: string, value: Secret<string>) => ({
    sealed: keyring.seal(value.reveal(), contextOf(tenantId, name)),
    set_at: clock.now(),
  });
  const get = async (tenantId: string, name: SecretName): Promise<Secret<string>> => {
    const row = await find(tenantId, name);
    if (!row) throw fail('SECRET_MISSING', { tenantId, name });
    return new Secret(keyring.open(row.sealed, contextOf(tenantId, name)));
  };
  return {
    async set(tenantId, name, value) {
      const row = sealedRow(tenantId, name, value);
      await store
        .of<SecretTables>()
        .insertInto('secret')
        .values({ tenant_id: tenantId, name, ...row })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet(row))
        .execute();
    },
    get,
    has: async (tenantId, name) => (await find(tenantId, name)) !== undefined,
    async setOnce(tenantId, name, value) {
      await store
        .of<SecretTables>()
        .insertInto('secret')
        .values({ tenant_id: tenantId, name, ...sealedRow(tenantId, name, value) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return get(tenantId, name);
    },
    async remove(tenantId, name) {
      await store
        .of<SecretTables>()
        .deleteFrom('secret')
        .where('tenant_id', '=', tenantId)
        .where('name', '=', name)
        .execute();
    },
  };
}

/** Seals every credential again under the key now in force. Returns how many. */
export async function resealSecrets(tx: Tables, keyring: Keyring): Promise<number> {
  const db = tx.of<SecretTables>();
  const rows = await db.selectFrom('secret').selectAll().execute();
  for (const row of rows) {
    const context = contextOf(row.tenant_id, row.name);
    await db
      .updateTable('secret')
      .set({ sealed: keyring.seal(keyring.open(row.sealed, context), context) })
      .where('tenant_id', '=', row.tenant_id)
      .where('name', '=', row.name)
      .execute();
  }
  return rows.length;
}
