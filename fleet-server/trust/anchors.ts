import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Fault } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import { type Certificate, readCertificate } from './certificate.ts';
import { certificatesIn } from './certificate-files.ts';

/** Whom the server believes, for each kind of signature a card brings. One never vouches for another's. */
export interface Trust {
  /** Signers of CIE security objects are certified by one of these. */
  readonly csca: readonly X509Certificate[];
  /** Roots and intermediates of the CIE's authentication certificates. */
  readonly citizenCa: readonly Certificate[];
  readonly cnsCa: readonly Certificate[];
}

/** Paths of PEM files, several certificates a file. */
export interface TrustFiles {
  readonly csca: readonly string[];
  readonly citizenCa: readonly string[];
  readonly cnsCa: readonly string[];
}

/** Organization of every certificate of our own test CA. */
const TEST_ORGANIZATION = 'Jolly TEST';

/** Reads every file. Whatever is wrong is in `faults`; `production` takes no anchor of the test CA. */
export function openTrust(
  files: TrustFiles,
  production: boolean,
): { readonly trust: Trust; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const read = <T>(kind: keyof TrustFiles, take: (certificate: X509Certificate) => T): T[] =>
    files[kind].flatMap((file, at) => {
      const path = `trust.${kind}.${at}`;
      const taken: T[] = [];
      for (const certificate of certificatesOf(file, path, faults)) {
        const message = faultOf(certificate, production);
        if (message) faults.push({ path, message });
        try {
          taken.push(take(certificate));
        } catch (error) {
          if (!isJollyError(error)) throw error;
          const why = String(error.detail.why);
          faults.push({ path, message: `a certificate is not one we take (${why})` });
        }
      }
      return taken;
    });
  return {
    trust: {
      csca: read('csca', (certificate) => certificate),
      citizenCa: read('citizenCa', (certificate) => readCertificate(certificate.raw)),
      cnsCa: read('cnsCa', (certificate) => readCertificate(certificate.raw)),
    },
    faults,
  };
}

function certificatesOf(file: string, path: string, faults: Fault[]): readonly X509Certificate[] {
  try {
    const content = readFileSync(file);
    if (!content.includes('-----BEGIN CERTIFICATE-----')) {
      faults.push({ path, message: 'not a PEM file of certificates: import it with jolly trust' });
      return [];
    }
    return certificatesIn(content).certificates;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : error.message;
    faults.push({ path, message: `cannot be read (${code})` });
    return [];
  }
}

function faultOf(certificate: X509Certificate, production: boolean): string | undefined {
  if (!certificate.ca) return 'a certificate is not that of a certification authority';
  if (production && isOfTestAuthority(certificate)) return 'production takes no anchor of the test authority';
  return undefined;
}

/** Whether a subject or issuer names our test CA. An unreadable name is not one of ours, which are always readable. */
export function isOfTestAuthority(certificate: X509Certificate): boolean {
  return [certificate.subject, certificate.issuer].some((name) =>
    name?.split('\n').some((line) => line === `O=${TEST_ORGANIZATION}`),
  );
}
