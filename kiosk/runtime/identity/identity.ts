import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import {
  canonicalRequest,
  fingerprintText,
  NOT_ENROLLED,
  type RotateKey,
  rotationProof,
  SIGNATURE_HEADERS,
} from '@jolly/contracts/fleet-api';
import { type LinkPassword, linkClientId, linkProof, linkUser } from '@jolly/contracts/fleet-link';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import { fail } from '../errors.ts';
import { fileKeyStore, type KeyName, type KeyStore } from './key-store.ts';
import { dropName, type Name, readName, writeName } from './name.ts';

export const KEY_FILE = 'device-key.pem';

export interface RequestToSign {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly body: string | Uint8Array;
  /** `nobody`: with the key alone, by who has no name yet. `next`: with the key that is to take the present one's place. */
  readonly as?: 'nobody' | 'next';
}

/** Who this terminal is to the server. The private key never leaves this object, nor where it is kept. */
export interface DeviceIdentity {
  /** `NOT_ENROLLED` as long as nobody has named it. */
  readonly tenantId: string;
  readonly terminalId: string;
  /** Name of the site as the server said it, when it took the terminal in. */
  readonly site: string | undefined;
  /** By whom it has its name: the server, when staff took it in; else the configuration file. */
  readonly namedBy: 'server' | 'file' | 'nobody';
  /** SPKI DER, base64url: what enrolment sends. */
  readonly publicKey: string;
  /** Of the public key, as staff compare it. */
  readonly fingerprint: string;
  /** Headers that prove this very request; a new nonce and instant each time. */
  sign(request: RequestToSign): Record<string, string>;
  /** What it shows a broker of the fleet link; of the key and the name that hold now. */
  linkCredentials(): LinkCredentials;
  /** Takes the name that the server gave, durably. */
  accept(name: Name): void;
  /** A change of the key that is not finished: both keys are kept until the server is known to have the new one. */
  readonly changing: boolean;
  /** Makes the next key, or finds the one that an earlier try left; with its proof. */
  nextKey(): RotateKey;
  /** The server has the next key: from now on it is the present one. */
  adoptNextKey(): void;
  /** Forgets key and name, for good. */
  wipe(): void;
}

/** How the terminal proves itself to a broker. */
export interface LinkCredentials {
  readonly user: string;
  readonly clientId: string;
  /** A new one for every connection. */
  password(): string;
  /** The device key as PEM, for TLS with the certificate of the tenant's CA. */
  tlsKey(): string;
}

interface Owner {
  /** Of the configuration file; absent where staff give the name. */
  readonly tenantId?: string;
  readonly terminalId?: string;
  readonly dataDir: string;
}

/** Reads the device key, or makes it on the first start. Throws `DEVICE_KEY_UNREADABLE` or `DATA_DIR_UNWRITABLE`. */
export function openIdentity(
  owner: Owner,
  clock: Pick<Clock, 'now'>,
  random: RandomBytes,
  keys: KeyStore = fileKeyStore(owner.dataDir),
): DeviceIdentity {
  let key = readKey(keys, 'device-key') ?? makeKey(keys, 'device-key');
  let next = readKey(keys, 'device-key-next');
  let given = readName(owner.dataDir);
  const { tenantId = NOT_ENROLLED, terminalId = NOT_ENROLLED } = owner;
  const ofFile = tenantId !== NOT_ENROLLED && terminalId !== NOT_ENROLLED;
  const nobody = { tenantId: NOT_ENROLLED, terminalId: NOT_ENROLLED };
  const name = () => given ?? (ofFile ? { tenantId, terminalId } : nobody);

  const signRequest = ({ method, target, body, as }: RequestToSign): Record<string, string> => {
    const who = as === 'nobody' ? nobody : name();
    const by = as === 'next' ? (next ?? key) : key;
    const timestamp = clock.now();
    const nonce = Buffer.from(random(16)).toString('base64url');
    const bodySha256Hex = createHash('sha256').update(body).digest('hex');
    const text = canonicalRequest({
      method,
      target,
      tenantId: who.tenantId,
      terminalId: who.terminalId,
      timestamp,
      nonce,
      bodySha256Hex,
    });
    return {
      [SIGNATURE_HEADERS.tenant]: who.tenantId,
      [SIGNATURE_HEADERS.terminal]: who.terminalId,
      [SIGNATURE_HEADERS.timestamp]: String(timestamp),
      [SIGNATURE_HEADERS.nonce]: nonce,
      [SIGNATURE_HEADERS.signature]: sign(null, Buffer.from(text), by).toString('base64url'),
    };
  };

  return {
    get tenantId() {
      return name().tenantId;
    },
    get terminalId() {
      return name().terminalId;
    },
    get site() {
      return given?.site;
    },
    get namedBy() {
      if (given) return 'server';
      return ofFile ? 'file' : 'nobody';
    },
    get publicKey() {
      return publicOf(key);
    },
    get fingerprint() {
      return fingerprintText(createHash('sha256').update(spkiOf(key)).digest('hex'));
    },
    sign: signRequest,
    linkCredentials: () => {
      const user = linkUser(name());
      const clientId = linkClientId(name());
      return {
        user,
        clientId,
        password: () => {
          const timestamp = clock.now();
          const nonce = Buffer.from(random(16)).toString('base64url');
          const text = linkProof({ user, clientId, timestamp, nonce });
          const signature = sign(null, Buffer.from(text), key).toString('base64url');
          return JSON.stringify({ timestamp, nonce, signature } satisfies LinkPassword);
        },
        tlsKey: () => key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
    accept(taken) {
      guarded(() => writeName(owner.dataDir, taken));
      given = taken;
    },
    get changing() {
      return next !== undefined;
    },
    nextKey() {
      next ??= makeKey(keys, 'device-key-next');
      const parts = { ...idsOf(name()), oldKey: publicOf(key), newKey: publicOf(next) };
      const proof = sign(null, Buffer.from(rotationProof(parts)), next).toString('base64url');
      return { publicKey: parts.newKey, proof };
    },
    adoptNextKey() {
      if (!next) return;
      guarded(() => keys.rename('device-key-next', 'device-key'));
      key = next;
      next = undefined;
    },
    wipe() {
      guarded(() => {
        keys.remove('device-key-next');
        keys.remove('device-key');
        dropName(owner.dataDir);
      });
    },
  };
}

const idsOf = ({ tenantId, terminalId }: { tenantId: string; terminalId: string }) => ({
  tenantId,
  terminalId,
});
const spkiOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });
const publicOf = (key: KeyObject): string => spkiOf(key).toString('base64url');

function makeKey(keys: KeyStore, name: KeyName): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  guarded(() => keys.write(name, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
  return privateKey;
}

function readKey(keys: KeyStore, name: KeyName): KeyObject | undefined {
  try {
    const pem = keys.read(name);
    if (pem === undefined) return undefined;
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
    return key;
  } catch (cause) {
    throw fail('DEVICE_KEY_UNREADABLE', { name, store: keys.kind }, { cause });
  }
}

function guarded(write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw fail('DATA_DIR_UNWRITABLE', {}, { cause });
  }
}
