/**
 * What a citizen reads out to the office: `PO-09 10:08 D4F7`, that is terminal, time in the place's zone, last four hex
 * digits of the payment's id. Enough to find a payment of the day, nothing to learn from it.
 */
export function supportCode(terminalId: string, at: number, timeZone: string, paymentId: string): string {
  const time = new Intl.DateTimeFormat('it-IT', { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
  return `${terminalId} ${time} ${paymentId.slice(-4).toUpperCase()}`;
}

/** Day of an instant in a zone, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at);
}
