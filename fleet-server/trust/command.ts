import type { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Command, EXIT } from '@jolly/contracts/command';
import { isJollyError } from '@jolly/contracts/values';
import { isOfTestAuthority } from './anchors.ts';
import { certificatesIn } from './certificate-files.ts';

const USAGE = `<file…> [--out <file.pem>] [--country IT]

Shows the certificates of PEM or DER files and of ICAO master lists: subject, issuer, validity,
SHA-256 fingerprint. Compare each fingerprint with the one the authority publishes before you trust it.
  --out      writes them as one PEM file, for "trust" in the fleet server's settings; never over an existing file
  --country  takes only subjects of this country; of a master list IT unless said otherwise, "any" for all`;

const isOf = (certificate: X509Certificate, country: string | undefined): boolean =>
  country === undefined ||
  country === 'any' ||
  (certificate.subject ?? '').split('\n').some((line) => line.toUpperCase() === `C=${country.toUpperCase()}`);

/** Control characters of a name must not move the reader's cursor. */
const shown = (name: string | undefined): string =>
  (name ?? '')
    .split('\n')
    .join(', ')
    .replace(/\p{Cc}/gu, '?');

function linesOf(certificate: X509Certificate): readonly string[] {
  return [
    shown(certificate.subject),
    `  issuer       ${shown(certificate.issuer)}`,
    `  valid        ${certificate.validFromDate.toISOString()} to ${certificate.validToDate.toISOString()}`,
    `  SHA-256      ${certificate.fingerprint256}`,
    ...(certificate.ca ? [] : ['  WARNING      not a certification authority: the server will refuse it']),
    ...(isOfTestAuthority(certificate)
      ? ['  WARNING      of the test authority: a production server will refuse it']
      : []),
  ];
}

/** `jolly trust`: looks at certificates and writes the PEM file that the server's settings name. */
export const trustCommand: Command = {
  usage: USAGE,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { out: { type: 'string' }, country: { type: 'string' } },
      allowPositionals: true,
      strict: false,
    });
    const out = typeof values.out === 'string' ? values.out : undefined;
    if (positionals.length === 0 || values.out === true || values.country === true) {
      await io.err(`usage: jolly trust ${USAGE}`);
      return EXIT.usage;
    }
    const taken = new Map<string, X509Certificate>();
    for (const file of positionals) {
      try {
        const { certificates, masterList } = certificatesIn(readFileSync(file));
        const country = typeof values.country === 'string' ? values.country : masterList ? 'IT' : undefined;
        const kept = certificates.filter((certificate) => isOf(certificate, country));
        for (const certificate of kept) taken.set(certificate.fingerprint256, certificate);
        if (masterList) {
          await io.err(
            `${file}: master list of ${certificates.length}, ${kept.length} of ${country}; its signature was not checked`,
          );
        }
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        await io.err(`${file}: ${isJollyError(error) ? error.entry.cause : error.message}`);
        return EXIT.wrong;
      }
    }
    for (const certificate of taken.values()) {
      for (const line of linesOf(certificate)) await io.out(line);
    }
    if (taken.size === 0) {
      await io.err('no certificate to take');
      return EXIT.wrong;
    }
    return out === undefined ? EXIT.done : write(out, [...taken.values()], io);
  },
};

async function write(
  file: string,
  certificates: readonly X509Certificate[],
  io: Parameters<Command['run']>[1],
): Promise<number> {
  try {
    writeFileSync(file, certificates.map(String).join(''), { flag: 'wx', mode: 0o644 });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await io.err(`${file}: ${error.message}`);
    return EXIT.wrong;
  }
  await io.out(`${certificates.length} written to ${file}`);
  return EXIT.done;
}
