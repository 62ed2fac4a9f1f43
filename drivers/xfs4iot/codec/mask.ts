/** Binary values: prints carry names and sums, chip data a document, track data a card number. */
const BLANKED = new Set(['data', 'chipData', 'barcodeData', 'image', 'frontImage', 'backImage', 'inputData']);
const BLANK = '…';

function masked(value: unknown, key: string): unknown {
  if (typeof value === 'string')
    return BLANKED.has(key) && value.length > 3 ? `${BLANK}${value.length}` : value;
  if (Array.isArray(value)) return value.map((each) => masked(each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, name)]));
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
