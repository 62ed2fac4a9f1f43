import { errorsOf } from '../values/index.ts';

/** Passive authentication (cie-card.md 7.4). */
export const sodError = errorsOf({
  /** `detail.why`: what was expected and was not there. */
  SOD_INVALID: { cause: 'the security object cannot be read', retry: 'no' },
  SOD_HASH_WRONG: { cause: 'the signed digest is not that of the security object', retry: 'no' },
  /** `detail.why`: `sha1`, where that is not taken. */
  SOD_SIGNATURE_WRONG: { cause: 'the signature over the security object is wrong', retry: 'no' },
  /** `detail.why`: what of its certificate is not that of a document signer (`SignerFault`). */
  SOD_SIGNER_UNTRUSTED: {
    cause: 'the signer of the security object was not certified by a trusted CSCA',
    retry: 'no',
    cure: 'import the country signing certificates of every generation',
  },
  SOD_SIGNER_EXPIRED: { cause: 'the signer of the security object is not valid now', retry: 'no' },
});
