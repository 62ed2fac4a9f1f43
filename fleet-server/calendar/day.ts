const formats = new Map<string, Intl.DateTimeFormat>();

/** ISO date of an instant (epoch ms) in a time zone: `2026-11-21`. */
export function dayOf(instant: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Local time of an instant (epoch ms) in a time zone, without the zone: `2026-11-21T10:15:30`. */
export function localTimeOf(instant: number, timeZone: string): string {
  let format = clocks.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, format);
  }
  return `${dayOf(instant, timeZone)}T${format.format(instant)}`;
}

/**
 * First instant (epoch ms) of a day in a zone, and of the day after: 23, 24 or 25 hours apart. Found by bisection
 * between the earliest and the latest instant that any zone calls that date, so it holds for every zone and change.
 */
export function boundsOfDay(day: string, timeZone: string): { readonly from: number; readonly to: number } {
  const utc = Date.parse(`${day}T00:00:00Z`);
  return {
    from: firstInstant(day, timeZone, utc),
    to: firstInstant(nextDay(day), timeZone, utc + 86_400_000),
  };
}

export function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

function firstInstant(day: string, timeZone: string, utc: number): number {
  let before = utc - 15 * 3_600_000;
  let at = utc + 15 * 3_600_000;
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (dayOf(middle, timeZone) >= day) at = middle;
    else before = middle;
  }
  return at;
}
