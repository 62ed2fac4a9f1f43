import { errorsOf } from '../values/index.ts';

export const derError = errorsOf({
  /** `detail.why` is one of `DER_FAULTS`. */
  DER_INVALID: { cause: 'the bytes are not DER', retry: 'no' },
});
