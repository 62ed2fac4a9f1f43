import { mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { isJollyError, Secret, systemClock } from '@jolly/contracts/values';
import { CENTRE, resealAuditHeads } from '../audit/index.ts';
import { type LinkKeys, openLinkKeys } from '../enrolment/index.ts';
import { resealCalls } from '../payments/index.ts';
import { resealTotp } from '../people/index.ts';
import { FaultsFound } from '../problems/index.ts';
import { allMigrations } from '../schema.ts';
import {
  openKeyring,
  openVault,
  resealSecrets,
  SECRET_NAMES,
  type SecretName,
  secretsOf,
} from '../sealing/index.ts';
import { gatewayOf, readSettings } from '../settings.ts';
import { openStore } from '../store/index.ts';

const USAGE = `usage: jolly secrets set <tenant> <name> --config <file>   the value is read from standard input
       jolly secrets list --config <file>                  which are set; never their values
       jolly secrets rotate --config <file>                a new master key; everything is sealed again
       jolly secrets link-key announce|change --config <file>   the key that signs what goes down the fleet link:
                                                           first the next one is told to terminals, later it signs
names: ${SECRET_NAMES.join(', ')};
       of the tenant centre: oidc-<id> of each sign-in provider
`;

export interface CommandIo {
  /** All of standard input. A secret is never an argument: those are seen by every process of the machine. */
  readonly input: () => Promise<string>;
  readonly print: (line: string) => void;
}

const processIo: CommandIo = {
  input: () => text(process.stdin),
  print: (line) => process.stdout.write(`${line}\n`),
};

/**
 * `jolly secrets …`: sets a credential of the gateway or rotates the master key of a fleet server, which may be running:
 * it uses the new one at its next call. Resolves to the exit status.
 */
export async function runSecretsCommand(args: readonly string[], io: CommandIo = processIo): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const [verb, tenantId, name] = positionals;
  if (typeof values.config !== 'string' || !['set', 'list', 'rotate', 'link-key'].includes(verb ?? '')) {
    io.print(USAGE);
    return 2;
  }
  try {
    const config = readSettings(values.config);
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    const store = await openStore(config, allMigrations);
    try {
      const keyring = openKeyring(config.masterKeyFile);
      const vault = openVault(store, keyring, systemClock);
      const tenants = config.tenants.map((tenant) => tenant.id);
      if (verb === 'list') {
        for (const tenant of tenants) {
          const used: readonly SecretName[] = [
            ...secretsOf[gatewayOf(config, tenant).kind],
            ...(config.debtPositions ? (['debt-positions-key'] as const) : []),
            ...(config.carts ? (['checkout-key'] as const) : []),
          ];
          for (const secret of used) {
            io.print(`${tenant} ${secret} ${(await vault.has(tenant, secret)) ? 'set' : 'missing'}`);
          }
        }
        for (const { id } of config.signIn.oidc) {
          io.print(`centre oidc-${id} ${(await vault.has(CENTRE, `oidc-${id}`)) ? 'set' : 'missing'}`);
        }
        return 0;
      }
      if (verb === 'set') {
        const value = (await io.input()).replace(/\r?\n$/, '');
        const providers = config.signIn.oidc.map(({ id }) => `oidc-${id}` as const);
        const provider = providers.find((known) => known === name);
        if (tenantId === 'centre' && provider && value !== '') {
          await vault.set(CENTRE, provider, new Secret(value));
          io.print(`${tenantId} ${provider} set`);
          return 0;
        }
        if (!tenantId || !tenants.includes(tenantId) || !isSecretName(name) || value === '') {
          io.print(USAGE);
          return 2;
        }
        await vault.set(tenantId, name, new Secret(value));
        io.print(`${tenantId} ${name} set`);
        return 0;
      }
      if (verb === 'link-key') return await turnLinkKey(openLinkKeys(vault, systemClock), tenantId, io);
      const reseal = () =>
        store.transaction(
          async (tx) =>
            (await resealSecrets(tx, keyring)) +
            (await resealCalls(tx, keyring)) +
            (await resealTotp(tx, keyring)) +
            (await resealAuditHeads(tx, keyring)),
        );
      // First under the key in force: whatever is still sealed by the one before it would not survive the rotation.
      await reseal();
      keyring.rotate();
      io.print(`master key rotated, ${await reseal()} values sealed again`);
      return 0;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof FaultsFound) {
      for (const fault of error.faults) io.print(`${error.code} ${fault.path}: ${fault.message}`);
      return 1;
    }
    if (isJollyError(error)) {
      io.print(`${error.message}${error.entry.cure ? `. ${error.entry.cure}` : ''}`);
      return 1;
    }
    throw error;
  }
}

/** Two steps, a day apart: terminals learn the next key when they ask for their way to the link. */
async function turnLinkKey(keys: LinkKeys, step: string | undefined, io: CommandIo): Promise<number> {
  if (step === 'announce') {
    await keys.announce();
    io.print('the next link key is told to terminals from now on');
    return 0;
  }
  if (step === 'change' && (await keys.change())) {
    io.print('the next link key signs from now on');
    return 0;
  }
  io.print(step === 'change' ? 'no link key was announced' : USAGE);
  return step === 'change' ? 1 : 2;
}

function isSecretName(name: string | undefined): name is (typeof SECRET_NAMES)[number] {
  return SECRET_NAMES.some((known) => known === name);
}
