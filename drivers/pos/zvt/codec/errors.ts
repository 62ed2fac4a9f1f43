import { errorsOf } from '@jolly/contracts/values';

/** What can be wrong with bytes on the wire. */
export type ZvtWireErrorCode =
  | 'ZVT_NOISE'
  | 'ZVT_CRC'
  | 'ZVT_ESCAPE'
  | 'ZVT_TRUNCATED'
  | 'ZVT_LENGTH'
  | 'ZVT_TOO_LONG';

export const wireErrorCauses: Readonly<Record<ZvtWireErrorCode, string>> = {
  ZVT_NOISE: 'bytes that start no message',
  ZVT_CRC: 'the check value of a frame is wrong: answer NAK and expect it again',
  ZVT_ESCAPE: 'a DLE inside a frame that is neither doubled nor the end',
  ZVT_TRUNCATED: 'a frame was cut by the start of another one',
  ZVT_LENGTH: 'the length in a framed APDU does not fit the frame',
  ZVT_TOO_LONG: 'a frame has no end within any length known',
};

/** Faults of whoever writes a message: a programming error, never met by decoding. */
export const encodeError = errorsOf({
  ZVT_UNENCODABLE: { cause: 'a field of a ZVT message does not fit its place', retry: 'no' },
});
