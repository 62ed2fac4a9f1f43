import { z } from 'zod';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const Hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/**
 * Hours in which the screen is lit, by day, on the wall clock of the place: `["07:00","22:00"]`, or null for a day on which it
 * stays dark. A day that is not named is lit all day. An end before its beginning is on the next day. Holidays are not known.
 */
export const DisplayHours = z.partialRecord(z.enum(WEEKDAYS), z.tuple([Hour, Hour]).nullable());
export type DisplayHours = z.infer<typeof DisplayHours>;

/** Weekday and `HH:MM` on the wall of a zone: what changes with daylight saving is the zone's business. */
export function wallClock(at: number, timeZone: string): { readonly day: Weekday; readonly hour: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const day = WEEKDAYS.find((each) => each === part('weekday').toLowerCase()) ?? 'mon';
  return { day, hour: `${part('hour')}:${part('minute')}` };
}

/** Whether the hours have the screen lit at this instant. */
export function litByHours(
  hours: { readonly [D in Weekday]?: readonly [string, string] | null | undefined } | undefined,
  at: number,
  timeZone: string,
): boolean {
  if (!hours) return true;
  const { day, hour } = wallClock(at, timeZone);
  const before = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? 'sun';
  const today = hours[day];
  const yesterday = hours[before];
  const late = yesterday && yesterday[1] <= yesterday[0] && hour < yesterday[1];
  if (late) return true;
  if (today === undefined) return true;
  if (today === null) return false;
  const [on, off] = today;
  return off <= on ? hour >= on : hour >= on && hour < off;
}
