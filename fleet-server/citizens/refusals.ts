import { LoginProblem } from '@jolly/contracts/fleet-api';
import { type ErrorEntry, errorsOf, isJollyError, type JollyError } from '@jolly/contracts/values';

/** Why a proof is not accepted. They are answers, not failures of the call: the terminal has a sentence for each. */
const refusals: Readonly<Record<LoginProblem, ErrorEntry>> = {
  'challenge-unknown': { cause: 'never given to this terminal, or answered before', retry: 'later' },
  'challenge-expired': { cause: 'the challenge was answered too late', retry: 'later' },
  'method-not-accepted': {
    cause: 'not the way that was asked for, or not one of this municipality',
    retry: 'no',
  },
  'signature-wrong': { cause: 'the key of the card did not sign this login', retry: 'no' },
  'certificate-unreadable': {
    cause: 'the certificate cannot be read, or its key is not one we take',
    retry: 'no',
  },
  'certificate-untrusted': {
    cause: 'the certificate does not lead to an anchor of its kind',
    retry: 'no',
    cure: 'Import the CA certificates of every generation (jolly trust).',
  },
  'certificate-expired': { cause: 'the certificate is not valid now', retry: 'no' },
  'certificate-revoked': { cause: 'the certificate was revoked', retry: 'no' },
  'revocation-unknown': {
    cause: 'no fresh word on revocation, and the policy wants one',
    retry: 'later',
    cure: 'Let the fleet server reach the addresses of the CA.',
  },
  'sod-untrusted': {
    cause: 'the security object of the card cannot be believed',
    retry: 'no',
    cure: 'Import the country signing certificates of every generation (jolly trust).',
  },
  'sod-mismatch': { cause: 'certificate, key or data is not that of this card', retry: 'no' },
  'document-expired': { cause: 'the identity card has expired', retry: 'no' },
  'identity-unreadable': { cause: 'there is no valid fiscal code', retry: 'no' },
};

const make = errorsOf(refusals);
/** The refusal of a proof. It never carries data of the citizen. */
export const refused = (problem: LoginProblem, cause?: unknown): JollyError => make(problem, {}, { cause });

/** The problem of a refusal; undefined for any other error. */
export function problemOfRefusal(error: unknown): LoginProblem | undefined {
  return isJollyError(error) ? LoginProblem.safeParse(error.code).data : undefined;
}
