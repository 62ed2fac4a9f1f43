import { birthDateOf } from '@jolly/contracts/fiscal-code';
import type { LoginProof, VerifiedCitizen } from '@jolly/contracts/fleet-api';
import { dayOf } from '../calendar/index.ts';
import type { Revocation } from '../revocation/index.ts';
import type { Trust } from '../trust/index.ts';
import { antiCloneAnswerHolds, antiCloneKeyOf } from './card-signature.ts';
import { notRevoked, signedBy, trustedChain } from './citizen-certificate.ts';
import { type MachineReadable, type PersonalDetails, readDg1, readDg11 } from './document-data-codec.ts';
import { citizen, citizenOf } from './identity.ts';
import type { Identified, LoginAsked, LoginWay } from './login-way.ts';
import { refused } from './refusals.ts';
import { listed, trustedSod } from './security-object.ts';

/** Numbers of the files in the two security objects (cie-card.md 2 and 7.4). */
const NIS = 0xa1;
const SERIAL = 0xa2;
const CERTIFICATE = 0xa3;
const ANTI_CLONE_KEY = 0xa5;
const DG1 = 1;
const DG11 = 11;

const MINIMUM_BITS = 2_048;

type Proof<Kind extends LoginProof['kind']> = Extract<LoginProof, { kind: Kind }>;
const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

/** The electronic identity card, held on the terminal's own reader. Never the national "Entra con CIE". */
export function cieCardWay(trust: Trust, revocation: Revocation): LoginWay {
  return {
    method: 'cie-card-local',
    levels: ({ withoutPin }) => (withoutPin ? ['pin', 'card'] : ['pin']),
    async verify(proof, asked) {
      if (proof.kind === 'cie-pin' && asked.level === 'pin') {
        return byPin(proof, asked, trust, revocation);
      }
      if (proof.kind === 'cie-card' && asked.level === 'card') return byCard(proof, asked, trust);
      throw refused('method-not-accepted');
    },
  };
}

/** Card and PIN: key 81 signed this login, and its certificate is the one of the card with this NIS. */
async function byPin(
  proof: Proof<'cie-pin'>,
  { context, now, settings }: LoginAsked,
  trust: Trust,
  revocation: Revocation,
): Promise<Identified> {
  const der = bytesOf(proof.certificate);
  const certificate = signedBy(der, bytesOf(proof.signature), context, MINIMUM_BITS);
  const chain = trustedChain(certificate, trust.citizenCa, now);
  const sod = trustedSod(bytesOf(proof.sod), trust.csca, now);
  listed(sod, [
    [NIS, Buffer.from(proof.nis)],
    [CERTIFICATE, der],
  ]);
  const found = citizenOf(certificate.subject, now);
  return { citizen: found, revocation: await notRevoked(revocation, chain, settings.revocation) };
}

/** The card alone: key 83 answered this nonce, and the document's data is of the card that has this key. */
function byCard(proof: Proof<'cie-card'>, { context, now, timeZone }: LoginAsked, trust: Trust): Identified {
  const keyFile = bytesOf(proof.antiCloneKey);
  const key = antiCloneKeyOf(keyFile);
  const nonce = Buffer.from(context.nonce, 'base64url');
  if (!key || !antiCloneAnswerHolds(key, bytesOf(proof.antiCloneAnswer), nonce)) {
    throw refused('signature-wrong');
  }
  const cardSod = trustedSod(bytesOf(proof.sod), trust.csca, now);
  const documentSod = trustedSod(bytesOf(proof.documentSod), trust.csca, now);
  const dg1 = bytesOf(proof.dg1);
  const dg11 = proof.dg11 === undefined ? undefined : bytesOf(proof.dg11);
  listed(cardSod, [
    [NIS, Buffer.from(proof.nis)],
    [ANTI_CLONE_KEY, keyFile],
  ]);
  listed(documentSod, [[DG1, dg1], ...(dg11 ? [[DG11, dg11] as const] : [])]);
  const document = readDg1(dg1);
  if (!document) throw refused('identity-unreadable');
  // the one thing that both sides of the chip carry
  listed(cardSod, [[SERIAL, Buffer.from(document.documentNumber)]]);
  if (document.expiresOn < dayOf(now, timeZone)) throw refused('document-expired');
  return { citizen: holderOf(document, dg11 && readDg11(dg11), now), revocation: 'none' };
}

/** The fiscal code is in DG11 only; without it nobody is identified. */
function holderOf(
  document: MachineReadable,
  details: PersonalDetails | undefined,
  now: number,
): VerifiedCitizen {
  if (details?.fiscalCode === undefined) throw refused('identity-unreadable');
  const { familyName, givenName } = details.name ?? document;
  const birthDate = details.birthDate ?? birthDateOf(details.fiscalCode, now);
  return citizen({ fiscalCode: details.fiscalCode, familyName, givenName, birthDate });
}
