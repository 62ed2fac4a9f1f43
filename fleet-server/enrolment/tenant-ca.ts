import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { type LinkAddress, linkUser } from '@jolly/contracts/fleet-link';
import { type Clock, Secret } from '@jolly/contracts/values';
import { type IdentityTables, publicKeyOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Vault } from '../sealing/index.ts';
import type { Store, Tables } from '../store/index.ts';
import { type Authority, authorityCertificate, clientCertificate, revocationList } from './certificates.ts';
import type { EnrolmentTables } from './tables.ts';

const DAY_MS = 86_400_000;
const CA_MS = 20 * 365 * DAY_MS;
/** A terminal that asks at every start has a new one long before: it is renewed from the half on. */
const CERTIFICATE_MS = 90 * DAY_MS;
const LIST_MS = 7 * DAY_MS;
/** What a clock of the other side may be behind. */
const BEFORE_MS = 3_600_000;

/** Client certificates for the fleet link, each municipality's from its own authority. */
export interface TenantCa {
  /** The terminal's certificate for this key, with its authority's after it (PEM): the one it has while it is young, else a new one. */
  certificateOf(who: LinkAddress, publicKey: string): Promise<string>;
  /** The authority's own certificate (PEM), made when first asked for. */
  authority(tenantId: string): Promise<string>;
  /** Certificates that are not to be believed though their time is not over (PEM): for a broker that is not ours. */
  revocationList(tenantId: string): Promise<string>;
}

export interface TenantCaParts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'now'>;
}

export function openTenantCa({ store, vault, clock }: TenantCaParts): TenantCa {
  /** P-256: every broker's TLS knows it. */
  const authorityOf = async (tenantId: string): Promise<Authority> => {
    const held = (await vault.has(tenantId, 'link-ca-key'))
      ? await vault.get(tenantId, 'link-ca-key')
      : await vault.setOnce(tenantId, 'link-ca-key', newKey());
    return {
      name: { organisation: tenantId, commonName: `Jolly fleet link ${tenantId}` },
      key: createPrivateKey(held.reveal()),
    };
  };

  const authority = async (tenantId: string): Promise<string> => {
    const known = await findCa(store, tenantId);
    if (known !== undefined) return known;
    const now = clock.now();
    const period = { from: now - BEFORE_MS, to: now + CA_MS };
    const made = authorityCertificate(await authorityOf(tenantId), newSerial(), period);
    await store
      .of<EnrolmentTables>()
      .insertInto('tenant_ca')
      .values({ tenant_id: tenantId, certificate: made, not_after: period.to })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // another process may have been first
    return (await findCa(store, tenantId)) ?? made;
  };

  const issue = async (who: LinkAddress, publicKey: string): Promise<string> => {
    const key = publicKeyOf(publicKey);
    if (!key) throw fail('LINK_REFUSED');
    const now = clock.now();
    const period = { from: now - BEFORE_MS, to: now + CERTIFICATE_MS };
    const serial = newSerial();
    const certificate = clientCertificate(await authorityOf(who.tenantId), serial, period, {
      name: { organisation: who.tenantId, commonName: linkUser(who) },
      publicKey: key,
    });
    await store
      .of<EnrolmentTables>()
      .insertInto('link_certificate')
      .values({
        tenant_id: who.tenantId,
        terminal_id: who.terminalId,
        serial,
        public_key: publicKey,
        certificate,
        not_before: period.from,
        not_after: period.to,
      })
      .execute();
    return certificate;
  };

  return {
    authority,
    async certificateOf(who, publicKey) {
      const ca = await authority(who.tenantId);
      const newest = await store
        .of<EnrolmentTables>()
        .selectFrom('link_certificate')
        .select(['certificate', 'not_after'])
        .where('tenant_id', '=', who.tenantId)
        .where('terminal_id', '=', who.terminalId)
        .where('public_key', '=', publicKey)
        .orderBy('not_after', 'desc')
        .executeTakeFirst();
      const young = newest && newest.not_after - clock.now() > CERTIFICATE_MS / 2;
      return `${young ? newest.certificate : await issue(who, publicKey)}${ca}`;
    },
    async revocationList(tenantId) {
      await authority(tenantId);
      const now = clock.now();
      const rows = await store
        .of<EnrolmentTables & IdentityTables>()
        .selectFrom('link_certificate')
        .innerJoin('terminal', (join) =>
          join
            .onRef('terminal.tenant_id', '=', 'link_certificate.tenant_id')
            .onRef('terminal.terminal_id', '=', 'link_certificate.terminal_id'),
        )
        .select('link_certificate.serial')
        .where('link_certificate.tenant_id', '=', tenantId)
        .where('link_certificate.not_after', '>', now)
        .where((each) =>
          each.or([
            each('terminal.status', '<>', 'enrolled'),
            each('terminal.public_key', '<>', each.ref('link_certificate.public_key')),
          ]),
        )
        .orderBy('link_certificate.serial')
        .execute();
      return revocationList(
        await authorityOf(tenantId),
        now,
        { from: now - BEFORE_MS, to: now + LIST_MS },
        rows.map(({ serial }) => serial),
      );
    },
  };
}

/** The certificate that a municipality's client certificates must come from; undefined while none was ever asked for. */
export async function caCertificateOf(
  tables: Tables,
  tenantId: string,
): Promise<X509Certificate | undefined> {
  const pem = await findCa(tables, tenantId);
  return pem === undefined ? undefined : new X509Certificate(pem);
}

async function findCa(tables: Tables, tenantId: string): Promise<string | undefined> {
  const row = await tables
    .of<EnrolmentTables>()
    .selectFrom('tenant_ca')
    .select('certificate')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return row?.certificate;
}

const newKey = (): Secret<string> =>
  new Secret(
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  );

const newSerial = (): string => randomBytes(16).toString('hex');
