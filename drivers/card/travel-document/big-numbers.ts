import { secretBytes } from '@jolly/contracts/values';

/** Big-endian bytes as a number, without a hexadecimal string in between. */
export function bytesToNumber(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const odd = bytes.length % 8;
  let number = 0n;
  for (let at = 0; at < odd; at += 1) number = (number << 8n) | BigInt(view.getUint8(at));
  for (let at = odd; at < bytes.length; at += 8) number = (number << 64n) | view.getBigUint64(at);
  return number;
}

/** Exactly `length` bytes, big-endian, off the heap. The number must fit. */
export function numberToBytes(number: bigint, length: number): Uint8Array {
  const bytes = secretBytes(length);
  const view = new DataView(bytes.buffer);
  let rest = number;
  let at = length;
  for (; at >= 8; at -= 8) {
    view.setBigUint64(at - 8, rest & 0xffff_ffff_ffff_ffffn);
    rest >>= 64n;
  }
  for (; at > 0; at -= 1) {
    view.setUint8(at - 1, Number(rest & 0xffn));
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError('the number has more bytes than its field');
  return bytes;
}
