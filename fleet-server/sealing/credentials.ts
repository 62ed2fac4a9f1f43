import type { Secret } from '@jolly/contracts/values';
import { fail } from '../problems/index.ts';
import type { Vault } from './vault.ts';

export interface HeldCredentials {
  readonly password: Secret<string>;
  readonly subscriptionKey: Secret<string>;
}

/**
 * The gateway's credentials of one tenant, read again before each use: a rotation takes effect at the next call. The
 * gateway asks for them without waiting, so `refresh` is called before it is.
 */
export interface CredentialHolder {
  refresh(): Promise<void>;
  current(): HeldCredentials;
}

export function holdCredentials(vault: Vault, tenantId: string): CredentialHolder {
  let held: HeldCredentials | undefined;
  return {
    async refresh() {
      held = {
        password: await vault.get(tenantId, 'gateway-password'),
        subscriptionKey: await vault.get(tenantId, 'gateway-subscription-key'),
      };
    },
    current() {
      if (!held) throw fail('SECRET_MISSING', { tenantId });
      return held;
    },
  };
}
