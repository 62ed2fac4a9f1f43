import { verify, X509Certificate } from 'node:crypto';
import { MAX_SIGNATURE_AGE_MS } from '@jolly/contracts/fleet-api';
import {
  type LinkAddress,
  LinkPassword,
  linkClientId,
  linkProof,
  readLinkUser,
} from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import {
  findTerminal,
  keysOf,
  mustBeTrusted,
  openNonces,
  type TerminalRow,
  verifyingKeys,
} from '../identity/index.ts';
import type { LinkGate } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import type { Store, Tables } from '../store/index.ts';
import { caCertificateOf } from './tenant-ca.ts';

/** No proof is longer; what is, is not looked at. */
const MOST_PASSWORD_BYTES = 400;

/** Who may connect to the embedded broker. Throws LINK_REFUSED, CLOCK_SKEW, REPLAYED, TERMINAL_SUSPECT or TERMINAL_REVOKED. */
export function linkGate(store: Store, clock: Clock): LinkGate {
  const nonces = openNonces(store, clock);

  const terminalOf = async (user: string, clientId: string): Promise<[LinkAddress, TerminalRow]> => {
    const address = readLinkUser(user);
    if (!address || clientId !== linkClientId(address)) throw fail('LINK_REFUSED');
    const row = await findTerminal(store, address);
    if (!row) throw fail('LINK_REFUSED');
    return [address, row];
  };

  return {
    async byPassword(user, clientId, password) {
      const proof = readPassword(password);
      const [address, row] = await terminalOf(user, clientId);
      const { timestamp, nonce } = proof;
      const text = Buffer.from(linkProof({ user, clientId, timestamp, nonce }));
      const signature = Buffer.from(proof.signature, 'base64url');
      const now = clock.now();
      const signed = verifyingKeys(row, now).some((key) => verify(null, text, key, signature));
      if (!signed) throw fail('LINK_REFUSED');
      if (Math.abs(now - timestamp) > MAX_SIGNATURE_AGE_MS) throw fail('CLOCK_SKEW');
      mustBeTrusted(row.status);
      await nonces.use({ ...address, nonce, expiresAt: timestamp + MAX_SIGNATURE_AGE_MS });
      return address;
    },

    async byCertificate(user, clientId, der) {
      const certificate = readCertificate(der);
      const [address, row] = await terminalOf(user, clientId);
      const now = clock.now();
      const key = certificate.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
      const ca = await caCertificateOf(store, address.tenantId);
      const ours =
        ca !== undefined &&
        certificate.checkIssued(ca) &&
        certificate.verify(ca.publicKey) &&
        commonNameOf(certificate) === user &&
        keysOf(row, now).includes(key);
      const valid = now >= certificate.validFromDate.getTime() && now <= certificate.validToDate.getTime();
      if (!ours || !valid) throw fail('LINK_REFUSED');
      mustBeTrusted(row.status);
      return address;
    },
  };
}

/** Whether what comes from this address is listened to: with a broker that is not ours a revoked one may still speak. */
export async function mayLink(tables: Tables, address: LinkAddress): Promise<boolean> {
  return (await findTerminal(tables, address))?.status === 'enrolled';
}

function readPassword(bytes: Uint8Array): LinkPassword {
  if (bytes.length > MOST_PASSWORD_BYTES) throw fail('LINK_REFUSED');
  try {
    return LinkPassword.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw fail('LINK_REFUSED', {}, { cause });
  }
}

function readCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw fail('LINK_REFUSED', {}, { cause });
  }
}

/** The one common name of a certificate's subject. */
function commonNameOf(certificate: X509Certificate): string | undefined {
  const names = certificate.subject
    .split('\n')
    .filter((line) => line.startsWith('CN='))
    .map((line) => line.slice(3));
  return names.length === 1 ? names[0] : undefined;
}
