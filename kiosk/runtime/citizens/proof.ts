import type { LoginProblem, LoginProof } from '@jolly/contracts/fleet-api';
import type { LoginProblemKind } from '@jolly/contracts/terminal-channel';
import type { CardProof } from '@jolly/drivers/card';

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** What the card gave, as the server takes it. */
export function proofOf(proof: CardProof): LoginProof {
  switch (proof.kind) {
    case 'cie-pin':
      return {
        kind: proof.kind,
        nis: proof.nis,
        certificate: base64(proof.certificate),
        signature: base64(proof.signature),
        sod: base64(proof.sod),
      };
    case 'cns-pin':
      return {
        kind: proof.kind,
        certificate: base64(proof.certificate),
        signature: base64(proof.signature),
      };
    case 'cie-card':
      return {
        kind: proof.kind,
        nis: proof.nis,
        antiCloneKey: base64(proof.antiCloneKey),
        antiCloneAnswer: base64(proof.antiCloneAnswer),
        sod: base64(proof.sod),
        dg1: base64(proof.dg1),
        ...(proof.dg11 ? { dg11: base64(proof.dg11) } : {}),
        documentSod: base64(proof.documentSod),
      };
  }
}

/** The server's refusals in the citizen's words: one calm sentence has no room for which check failed; the code has. */
const REFUSALS: Readonly<Record<LoginProblem, LoginProblemKind>> = {
  // the server began anew, or the line was slow: the card did its part, and trying again mends it
  'challenge-unknown': 'server-unreachable',
  'challenge-expired': 'server-unreachable',
  'method-not-accepted': 'method-not-accepted',
  'signature-wrong': 'card-not-verified',
  'certificate-unreadable': 'card-not-verified',
  'certificate-untrusted': 'card-not-verified',
  'certificate-expired': 'card-expired',
  'certificate-revoked': 'card-revoked',
  // nobody's card is at fault: who keeps the list cannot be asked
  'revocation-unknown': 'server-unreachable',
  'sod-untrusted': 'card-not-genuine',
  'sod-mismatch': 'card-not-genuine',
  'document-expired': 'card-expired',
  'identity-unreadable': 'card-not-verified',
};

export const kindOfRefusal = (problem: LoginProblem): LoginProblemKind => REFUSALS[problem];
