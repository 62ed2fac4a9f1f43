import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Clock, Secret } from '@jolly/contracts/values';
import { CENTRE, type Vault } from '../sealing/index.ts';

/** A change of the key is used by every process of the installation within this time. */
const FRESH_MS = 30_000;

/**
 * The key (Ed25519) under which everything going down the fleet link is signed: one an installation, shared by its replicas. It is
 * changed in two steps, so that no terminal meets a signature it cannot know: `announce`, then, when terminals have asked again
 * for their way to the link, `change`.
 */
export interface LinkKeys {
  /** Signature (base64url) under the present key. */
  sign(text: string): Promise<string>;
  /** SPKI DER, base64url: the present one, then the next where there is one. */
  publicKeys(): Promise<[string, ...string[]]>;
  /** Makes the next key, where there is none yet. Terminals learn it with their next LinkAccess. */
  announce(): Promise<void>;
  /** The next key signs from now on; the one before it is gone. False when none was announced. */
  change(): Promise<boolean>;
}

export function openLinkKeys(vault: Vault, clock: Pick<Clock, 'monotonic'>): LinkKeys {
  let held: { readonly key: KeyObject; readonly until: number } | undefined;

  const read = async (name: 'link-key' | 'link-key-next'): Promise<KeyObject> =>
    createPrivateKey((await vault.get(CENTRE, name)).reveal());

  const present = async (): Promise<KeyObject> => {
    if (held && clock.monotonic() < held.until) return held.key;
    if (!(await vault.has(CENTRE, 'link-key'))) await vault.setOnce(CENTRE, 'link-key', newKey());
    held = { key: await read('link-key'), until: clock.monotonic() + FRESH_MS };
    return held.key;
  };

  return {
    sign: async (text) => sign(null, Buffer.from(text), await present()).toString('base64url'),
    async publicKeys() {
      // another process may have changed it just now: what terminals are told, and what signs, is as it stands
      held = undefined;
      const next = (await vault.has(CENTRE, 'link-key-next')) ? [publicOf(await read('link-key-next'))] : [];
      return [publicOf(await present()), ...next];
    },
    async announce() {
      await present();
      await vault.setOnce(CENTRE, 'link-key-next', newKey());
    },
    async change() {
      if (!(await vault.has(CENTRE, 'link-key-next'))) return false;
      // a power cut between the two leaves the key twice, present and next: done again, it is the same
      await vault.set(CENTRE, 'link-key', await vault.get(CENTRE, 'link-key-next'));
      await vault.remove(CENTRE, 'link-key-next');
      held = undefined;
      return true;
    },
  };
}

const newKey = (): Secret<string> =>
  new Secret(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

const publicOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url');
