import type { WeekHours } from '@jolly/contracts/twin';
import { litByHours, WEEKDAYS, type Weekday, wallClock } from '../display-schedule/index.ts';

export interface Opening {
  /** Days from today on the wall of the place. */
  readonly inDays: number;
  readonly day: Weekday;
  readonly hour: string;
}

/** When citizens are served again; undefined while they are, and where no day is open. */
export function nextOpening(hours: WeekHours | undefined, at: number, timeZone: string): Opening | undefined {
  if (!hours || litByHours(hours, at, timeZone)) return undefined;
  const now = wallClock(at, timeZone);
  const today = WEEKDAYS.indexOf(now.day);
  for (let inDays = 0; inDays <= WEEKDAYS.length; inDays++) {
    const day = WEEKDAYS[(today + inDays) % WEEKDAYS.length] ?? now.day;
    const span = hours[day];
    if (span === null) continue;
    const hour = span?.[0] ?? '00:00';
    if (inDays > 0 || hour > now.hour) return { inDays, day, hour };
  }
  return undefined;
}
