/** Names of the status digit of `s` (pos.md 1.4). */
const names = [
  'not-configured',
  'first-dll-missing',
  'operative',
  'not-aligned',
  'key-corrupted',
  'dll-pending',
  'update-pending',
];
export const OPERATIVE = 2;

export const statusName = (digit: number): string => names[digit] ?? `status-${digit}`;
