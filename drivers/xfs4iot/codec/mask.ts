/** Words of a payload kept as they are: names of states and parts, never anything printed, read or said by a chip. */
const KEPT = new Set([
  ...[
    'device',
    'media',
    'scanner',
    'errorCode',
    'status',
    'threshold',
    'symbology',
    'position',
    'mediaControl',
  ],
  ...['chipPower', 'chipProtocol', 'retractResult', 'paperSource', 'versions', 'serviceURI', 'name', 'type'],
  ...['version', 'completionCode', 'flashRate', 'colour', 'color', 'direction', 'toner', 'lamp'],
]);
const PLAIN = /^[A-Za-z][A-Za-z0-9.:/]{0,80}$|^\d{1,2}\.\d{1,2}$/;
const LARGEST = 9_999;
const BLANK = '…';

function masked(value: unknown, key: string): unknown {
  if (typeof value === 'string')
    return KEPT.has(key) && PLAIN.test(value) ? value : `${BLANK}${value.length}`;
  if (typeof value === 'number') return key === 'requestId' || Math.abs(value) <= LARGEST ? value : 0;
  if (Array.isArray(value)) return value.map((each) => masked(each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each], at) => [
      PLAIN.test(name) ? name : `${BLANK}${at}`,
      masked(each, name),
    ]),
  );
}

/** One text frame as it may be kept: what was printed, read or exchanged with a chip is blanked, its length told. */
export function maskXfsFrame(_direction: 'in' | 'out', frame: Uint8Array): Uint8Array {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(frame));
    return new TextEncoder().encode(JSON.stringify(masked(json, '')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new TextEncoder().encode(`${BLANK}${frame.length}`);
  }
}
