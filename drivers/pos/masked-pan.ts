/** Padding off, and never more than the first six and last four digits, whatever the terminal sent. */
export function maskPan(pan: string): string | undefined {
  const trimmed = pan.trim().replace(/^0+/, '');
  if (!/^[\d*xX]{4,24}$/.test(trimmed)) return undefined;
  if (/^\d{0,6}[*xX]+\d{0,4}$/.test(trimmed)) return trimmed;
  return trimmed.length <= 10
    ? `${'*'.repeat(trimmed.length - 4)}${trimmed.slice(-4)}`
    : `${trimmed.slice(0, 6)}${'*'.repeat(trimmed.length - 10)}${trimmed.slice(-4)}`;
}
