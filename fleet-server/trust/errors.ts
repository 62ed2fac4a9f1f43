import { errorsOf } from '@jolly/contracts/values';

export const trustError = errorsOf({
  /** `detail.why`: what was expected and was not there. */
  CERTIFICATE_INVALID: { cause: 'the certificate cannot be read, or holds what we do not take', retry: 'no' },
  /** `detail.why` as above, for a time, text or signature inside a certificate, CRL or OCSP answer. */
  SIGNED_DATA_INVALID: { cause: 'signed data cannot be read, or holds what we do not take', retry: 'no' },
  NO_CERTIFICATES: {
    cause: 'the file holds no certificate',
    retry: 'no',
    cure: 'Give PEM or DER certificates, or an ICAO master list.',
  },
});
