import { type PayloadError, payloadError } from './errors.ts';
import { decodeRequest, type EcrRequest } from './requests.ts';
import { decodeResponse, type PosResponse } from './responses.ts';

/** ASCII text of a payload whose head is whole: eight digits, a zero, a code. */
function textOf(payload: Uint8Array): string | PayloadError {
  if (payload.length < 10)
    return payloadError('ECR17_SHORT', `a message has ${payload.length} characters of 10`);
  if (payload.some((byte) => byte > 0x7f)) {
    return payloadError('ECR17_ALPHABET', 'a character is not 7-bit ASCII');
  }
  const text = String.fromCharCode(...payload);
  if (!/^\d{8}0/.test(text)) {
    return payloadError('ECR17_HEAD', 'a message starts with eight digits and a zero');
  }
  return text;
}

/** Payload of the kiosk → command, or a named error. Never throws. */
export function decodeFromEcr(payload: Uint8Array): EcrRequest | PayloadError {
  const text = textOf(payload);
  return typeof text === 'string' ? decodeRequest(text) : text;
}

/** Payload of the terminal → answer, or a named error. Never throws. */
export function decodeFromPos(payload: Uint8Array): PosResponse | PayloadError {
  const text = textOf(payload);
  return typeof text === 'string' ? decodeResponse(text) : text;
}
