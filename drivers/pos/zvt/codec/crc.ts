const REFLECTED_POLYNOMIAL = 0x8408;

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ REFLECTED_POLYNOMIAL : value >> 1;
  return value;
});

const step = (crc: number, byte: number): number => (crc >> 8) ^ (table[(crc ^ byte) & 0xff] as number);

const ETX = 0x03;

/**
 * Check value of a serial frame (pos.md 2): CRC-16 with reflected polynomial 0x8408 and initial value 0 (known as KERMIT) over
 * the APDU and then the ETX. Doubled DLEs count once.
 */
export function crcOf(apdu: Uint8Array): number {
  let crc = 0;
  for (const byte of apdu) crc = step(crc, byte);
  return step(crc, ETX);
}
