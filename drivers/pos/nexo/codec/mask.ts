/**
 * How nexo messages are recorded: as JSON text, with the values named here and nothing else. Whatever a terminal writes elsewhere
 * (receipt lines, texts, tracks, names, fields nobody knows) keeps its shape and loses its letters and digits.
 */

const WORD = /^[A-Z][A-Za-z]{1,30}$/;
/** No name has as many digits in a row as a card's number, whatever stands between them. */
const NAME = /^(?!.*(?:\d[_.:-]*){13})[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$/;

/** Values kept, where they look as they must. */
const KEPT: Readonly<Record<string, RegExp>> = {
  ProtocolVersion: /^\d\.\d$/,
  MessageClass: WORD,
  MessageCategory: WORD,
  MessageType: WORD,
  SaleID: NAME,
  POIID: NAME,
  ServiceID: /^[A-Z0-9]{1,10}$/,
  DeviceID: /^[A-Z0-9]{1,10}$/,
  Result: /^(Success|Partial|Failure)$/,
  ErrorCondition: WORD,
  EventToNotify: WORD,
  GlobalStatus: WORD,
  DocumentQualifier: WORD,
  OutputFormat: WORD,
  TransactionType: WORD,
  TransactionID: NAME,
  TimeStamp: /^\d{4}-\d\d-\d\dT[\d:.]{5,12}(Z|[+-]\d\d:\d\d)$/,
  Currency: /^[A-Z]{3}$/,
};
const KEPT_NUMBERS = new Set([
  ...['RequestedAmount', 'AuthorizedAmount', 'ReversedAmount', 'TransactionAmount', 'TransactionCount'],
]);

const blanked = (text: string): string =>
  text.replace(/[^\s*.,:;/+\-^{|}~&=]/gu, (sign) => (/\d/.test(sign) ? '0' : 'X'));

/** Nothing of a card's number but its last four digits. */
const lastFour = (pan: string): string =>
  /\d{4}$/.test(pan) ? `${pan.slice(0, -4).replace(/[^\s]/g, '*')}${pan.slice(-4)}` : blanked(pan);

function masked(value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    if (key === 'MaskedPAN') return lastFour(value);
    return KEPT[key]?.test(value) ? value : blanked(value);
  }
  if (typeof value === 'number') return KEPT_NUMBERS.has(key) && value < 1_000_000 ? value : 0;
  if (Array.isArray(value)) return value.map((each) => masked(each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      /^[A-Za-z]{1,40}$/.test(name) ? name : blanked(name),
      masked(each, name),
    ]),
  );
}

/** One whole message as it may be kept, both directions alike; of what is no JSON only the shape. Pure. */
export function nexoMask(_direction: 'in' | 'out', message: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(message);
  try {
    return new TextEncoder().encode(JSON.stringify(masked(JSON.parse(text), '')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new TextEncoder().encode(blanked(text));
  }
}
