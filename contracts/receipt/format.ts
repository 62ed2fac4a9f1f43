import type { Cents } from '../values/index.ts';

/** `123456` → `1.234,56 €`: Italian form, also on bilingual slips, for the document is Italian. */
export function euro(amount: Cents | number): string {
  const digits = String(amount).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, '.');
  return `${whole},${digits.slice(-2)} €`;
}

/** `21/11/2026 10:24:05` in the zone of the place. */
export function dateTime(instant: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('it-IT', {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('day')}/${part('month')}/${part('year')} ${part('hour')}:${part('minute')}:${part('second')}`;
}

/** A notice number in fours, as it is printed on the notice. */
export function grouped(digits: string): string {
  return digits.replace(/(.{4})(?=.)/g, '$1 ');
}

/** Only the last four digits reach paper, whatever the POS masked (it may show up to the first eight). */
export function cardNumber(maskedPan: string | undefined): string | undefined {
  const last = maskedPan === undefined ? null : /(\d{1,4})$/.exec(maskedPan);
  return last ? `**** **** **** ${last[1]}` : undefined;
}
