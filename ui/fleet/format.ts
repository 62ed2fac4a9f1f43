import { language, t } from './messages/index.ts';

const locale = language === 'it' ? 'it-IT' : 'en-GB';
/** Times are shown in the place's zone, wherever the browser is. */
const timeZone = 'Europe/Rome';

const moneyFormat = new Intl.NumberFormat(locale, {
  style: 'currency',
  currency: 'EUR',
  useGrouping: 'always',
});
const timeFormat = new Intl.DateTimeFormat(locale, {
  timeZone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const shortTimeFormat = new Intl.DateTimeFormat(locale, { timeZone, hour: '2-digit', minute: '2-digit' });
const dayTimeFormat = new Intl.DateTimeFormat(locale, {
  timeZone,
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const longDayFormat = new Intl.DateTimeFormat(locale, {
  timeZone,
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone });

export const money = (cents: number): string => moneyFormat.format(cents / 100);
export const time = (at: number): string => timeFormat.format(at);
export const shortTime = (at: number): string => shortTimeFormat.format(at);
export const dayTime = (at: number): string => dayTimeFormat.format(at);
/** ISO day in the place's zone. */
export const dayOf = (at: number): string => dayFormat.format(at);

/** `2026-11-21` → `sabato 21 novembre`. */
export const longDay = (day: string): string => longDayFormat.format(Date.parse(`${day}T12:00:00Z`));

/** `3 s fa`, `12 min fa`, or the hour when it is longer ago. */
export function ago(at: number | undefined, now: number): string {
  if (at === undefined) return t('ago.never');
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 90) return t('ago.seconds', { n: seconds });
  if (seconds < 3600) return t('ago.minutes', { n: Math.round(seconds / 60) });
  return dayTime(at);
}

/** `302000120456789276` → `3020 0012 0456 7892 76`. */
export const grouped = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');

/** The last four hex digits of a payment's id, as on the citizen's slip. */
export const paymentCode = (id: string): string => id.slice(-4).toUpperCase();
