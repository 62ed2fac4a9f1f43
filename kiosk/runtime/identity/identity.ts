import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalRequest, SIGNATURE_HEADERS } from '@jolly/contracts/fleet-api';
import { type LinkPassword, linkClientId, linkProof, linkUser } from '@jolly/contracts/fleet-link';
import type { Clock, RandomBytes } from '@jolly/contracts/values';
import { writeDurably } from '../durable-file/index.ts';
import { fail } from '../errors.ts';

export const KEY_FILE = 'device-key.pem';

export interface RequestToSign {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly body: string;
}

/** Who this terminal is to the server. The private key never leaves this object, nor the folder it is kept in. */
export interface DeviceIdentity {
  readonly tenantId: string;
  readonly terminalId: string;
  /** SPKI DER, base64url: what enrolment sends. */
  readonly publicKey: string;
  /** Headers that prove this very request; a new nonce and instant each time. */
  sign(request: RequestToSign): Record<string, string>;
  /** What it shows a broker of the fleet link. */
  linkCredentials(): LinkCredentials;
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
  readonly tenantId: string;
  readonly terminalId: string;
  readonly dataDir: string;
}

/** Reads the device key, or makes it on the first start. Throws `DEVICE_KEY_UNREADABLE` or `DATA_DIR_UNWRITABLE`. */
export function openIdentity(owner: Owner, clock: Pick<Clock, 'now'>, random: RandomBytes): DeviceIdentity {
  const key = readOrMakeKey(join(owner.dataDir, KEY_FILE));
  const { tenantId, terminalId } = owner;
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url');
  return {
    tenantId,
    terminalId,
    publicKey,
    sign: ({ method, target, body }) => {
      const timestamp = clock.now();
      const nonce = Buffer.from(random(16)).toString('base64url');
      const bodySha256Hex = createHash('sha256').update(body).digest('hex');
      const text = canonicalRequest({
        method,
        target,
        tenantId,
        terminalId,
        timestamp,
        nonce,
        bodySha256Hex,
      });
      return {
        [SIGNATURE_HEADERS.tenant]: tenantId,
        [SIGNATURE_HEADERS.terminal]: terminalId,
        [SIGNATURE_HEADERS.timestamp]: String(timestamp),
        [SIGNATURE_HEADERS.nonce]: nonce,
        [SIGNATURE_HEADERS.signature]: sign(null, Buffer.from(text), key).toString('base64url'),
      };
    },
    linkCredentials: () => {
      const user = linkUser(owner);
      const clientId = linkClientId(owner);
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
  };
}

function readOrMakeKey(file: string): KeyObject {
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    try {
      writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
    } catch (cause) {
      throw fail('DATA_DIR_UNWRITABLE', { file }, { cause });
    }
    return privateKey;
  }
  try {
    // a copy or a restore may have opened it to others
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    const key = createPrivateKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`a key of type ${key.asymmetricKeyType}`);
    return key;
  } catch (cause) {
    throw fail('DEVICE_KEY_UNREADABLE', { file }, { cause });
  }
}
