import { errorsOf } from '@jolly/contracts/values';

export const revocationError = errorsOf({
  /** `detail.why`: what was expected and was not there. */
  CRL_UNUSABLE: {
    cause: 'the revocation list cannot be read, checked or used for this certificate',
    retry: 'later',
  },
  OCSP_UNUSABLE: {
    cause: 'the OCSP answer cannot be read, checked or used for this certificate',
    retry: 'later',
  },
  REVOCATION_ADDRESS_REFUSED: {
    cause: 'the address in the certificate is not one this server asks',
    retry: 'no',
    cure: 'Production asks public http and https addresses only.',
  },
  REVOCATION_UNREACHABLE: {
    cause: 'the revocation service gave no answer in time, or a refusal',
    retry: 'later',
    cure: 'Let the fleet server reach the addresses of the CA; see docs/citizens.md.',
  },
  REVOCATION_TOO_LARGE: { cause: 'the answer of the revocation service is too large', retry: 'later' },
});
