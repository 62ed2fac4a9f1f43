/** Making a format costs a hundred times what using it does, and the day is asked for at every snapshot. */
const times = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, Intl.DateTimeFormat>();

function formatIn(
  made: Map<string, Intl.DateTimeFormat>,
  timeZone: string,
  locale: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const known = made.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone });
  made.set(timeZone, format);
  return format;
}

/**
 * What a citizen reads out to the office: `PO-09 10:08 D4F7`, that is terminal, time in the place's zone, last four hex
 * digits of the payment's id. Enough to find a payment of the day, nothing to learn from it.
 */
export function supportCode(terminalId: string, at: number, timeZone: string, paymentId: string): string {
  const time = formatIn(times, timeZone, 'it-IT', { hour: '2-digit', minute: '2-digit' }).format(at);
  return `${terminalId} ${time} ${paymentId.slice(-4).toUpperCase()}`;
}

/** Day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, at: number): string {
  return formatIn(days, timeZone, 'en-CA', { dateStyle: 'short' }).format(at);
}
