import { errorsOf } from '@jolly/contracts/values';

/** Why a payload cannot be read. */
export type PayloadErrorCode =
  | 'ECR17_SHORT'
  | 'ECR17_ALPHABET'
  | 'ECR17_HEAD'
  | 'ECR17_CODE_UNKNOWN'
  | 'ECR17_FIELD';

export interface PayloadError {
  readonly error: { readonly code: PayloadErrorCode; readonly message: string };
}

export const payloadError = (code: PayloadErrorCode, message: string): PayloadError => ({
  error: { code, message },
});

/** Faults of whoever writes a message: a programming error, never met by decoding. */
export const encodeError = errorsOf({
  ECR17_UNENCODABLE: {
    cause: 'a field of an ECR17 message does not fit its place',
    retry: 'no',
  },
});
