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
const dateFormat = new Intl.DateTimeFormat(locale, {
  timeZone,
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const wholeMoneyFormat = new Intl.NumberFormat(locale, {
  style: 'currency',
  currency: 'EUR',
  useGrouping: 'always',
  maximumFractionDigits: 0,
});
const numberFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone });

export const money = (cents: number): string => moneyFormat.format(cents / 100);
/** Sums of a day, without cents when there are none. */
export const sum = (cents: number): string =>
  cents % 100 === 0 ? wholeMoneyFormat.format(cents / 100) : money(cents);
export const number = (value: number): string => numberFormat.format(value);
export const share = (value: number): string => `${numberFormat.format(Math.round(value * 100))}\u00a0%`;
/** `21 novembre 2026` */
export const date = (at: number): string => dateFormat.format(at);
export const time = (at: number): string => timeFormat.format(at);
export const shortTime = (at: number): string => shortTimeFormat.format(at);
export const dayTime = (at: number): string => dayTimeFormat.format(at);
/** ISO day in the place's zone. */
export const dayOf = (at: number): string => dayFormat.format(at);

/** `2026-11-21` → `sabato 21 novembre`. */
export const longDay = (day: string): string => longDayFormat.format(Date.parse(`${day}T12:00:00Z`));

/** `3 s fa`, `12 min fa`, the hour when it is longer ago, the day when it is another one. */
export function ago(at: number | undefined, now: number): string {
  if (at === undefined) return t('ago.never');
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 90) return t('ago.seconds', { n: seconds });
  if (seconds < 3600) return t('ago.minutes', { n: Math.round(seconds / 60) });
  return dayOf(at) === dayOf(now) ? shortTime(at) : dayTime(at);
}

/** How long something has lasted: `38 min`, `5 h`, `12 giorni`. */
export function lasting(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return t('lasts.seconds', { n: Math.max(0, Math.round(ms / 1000)) });
  if (minutes < 120) return t('lasts.minutes', { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t('lasts.hours', { n: hours }) : t('lasts.days', { n: Math.round(hours / 24) });
}

/** `302000120456789276` → `3020 0012 0456 7892 76`. */
export const grouped = (digits: string): string => digits.replace(/(.{4})(?=.)/g, '$1 ');

/** The last four hex digits of a payment's id, as on the citizen's slip. */
export const paymentCode = (id: string): string => id.slice(-4).toUpperCase();

/** `2026-11-21T10:30` in the place's zone, as a date-and-time field holds it. */
export function localOf(at: number): string {
  return `${dayOf(at)}T${new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)}`;
}

/** What such a field says, as an instant. The hour that a change of clocks skips is the one after it. */
export function zonedAt(local: string): number {
  const asUtc = Date.parse(`${local}:00Z`);
  const offset = (at: number) => Date.parse(`${localOf(at)}:00Z`) - Math.floor(at / 60_000) * 60_000;
  const first = asUtc - offset(asUtc);
  return asUtc - offset(first);
}
