const MINUTE = 60_000;

/** Making a format takes far longer than using it, and an answer's time asks for it many times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** Minutes that the zone is ahead of UTC at that instant. */
function zoneOffset(instant: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return (local - Math.floor(instant / MINUTE) * MINUTE) / MINUTE;
}

/** A wall-clock time in the zone (given as if it were UTC) → instant. */
export function fromWallClock(wall: number, timeZone: string): number {
  const first = wall - zoneOffset(wall, timeZone) * MINUTE;
  return wall - zoneOffset(first, timeZone) * MINUTE;
}

/** Instant → wall-clock time in the zone, given as if it were UTC. */
export const toWallClock = (instant: number, timeZone: string): number =>
  instant + zoneOffset(instant, timeZone) * MINUTE;
