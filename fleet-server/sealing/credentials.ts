import type { Secret } from '@jolly/contracts/values';
import { fail } from '../problems/index.ts';
import type { SecretName, Vault } from './vault.ts';

/** Each throws SECRET_MISSING when the gateway's kind does not use it. */
export interface HeldCredentials {
  readonly password: Secret<string>;
  readonly subscriptionKey: Secret<string>;
  readonly clientSecret: Secret<string>;
  readonly callbackToken: Secret<string>;
}

/**
 * The gateway's credentials of one tenant, read again before each use: a rotation takes effect at the next call. The
 * gateway asks for them without waiting, so `refresh` is called before it is.
 */
export interface CredentialHolder {
  refresh(): Promise<void>;
  current(): HeldCredentials;
  /** As last read; undefined when it never was, or the gateway's kind does not use it. */
  held(name: SecretName): Secret<string> | undefined;
}

/** `names`: those the tenant's gateway uses. */
export function holdCredentials(
  vault: Vault,
  tenantId: string,
  names: readonly SecretName[],
): CredentialHolder {
  let held: ReadonlyMap<SecretName, Secret<string>> = new Map();
  const need = (name: SecretName): Secret<string> => {
    const found = held.get(name);
    if (!found) throw fail('SECRET_MISSING', { tenantId, name });
    return found;
  };
  const current: HeldCredentials = {
    get password() {
      return need('gateway-password');
    },
    get subscriptionKey() {
      return need('gateway-subscription-key');
    },
    get clientSecret() {
      return need('gateway-client-secret');
    },
    get callbackToken() {
      return need('gateway-callback-token');
    },
  };
  return {
    async refresh() {
      held = new Map(
        await Promise.all(names.map(async (name) => [name, await vault.get(tenantId, name)] as const)),
      );
    },
    current: () => current,
    held: (name) => held.get(name),
  };
}
