import type { Revocation } from '../revocation/index.ts';
import type { Trust } from '../trust/index.ts';
import { notRevoked, signedBy, trustedChain } from './citizen-certificate.ts';
import { citizenOf } from './identity.ts';
import type { LoginWay } from './login-way.ts';
import { refused } from './refusals.ts';

/** Cards of version 1.0 are in citizens' pockets until they expire (cie-card.md 9). */
const MINIMUM_BITS = 1_024;

/** The health card (TS-CNS). It has no security object; its PIN and its CA are all it has. */
export function cnsCardWay(trust: Trust, revocation: Revocation): LoginWay {
  return {
    method: 'cns-card-local',
    levels: () => ['pin'],
    async verify(proof, { context, level, now, settings }) {
      if (proof.kind !== 'cns-pin' || level !== 'pin') throw refused('method-not-accepted');
      const der = Buffer.from(proof.certificate, 'base64');
      const signature = Buffer.from(proof.signature, 'base64');
      const certificate = signedBy(der, signature, context, MINIMUM_BITS);
      const chain = trustedChain(certificate, trust.cnsCa, now);
      const citizen = citizenOf(certificate.subject, now);
      return { citizen, revocation: await notRevoked(revocation, chain, settings.revocation) };
    },
  };
}
