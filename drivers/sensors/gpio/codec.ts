/**
 * What the tools of libgpiod say, of both generations (`gpiomon --version`: 1.x in Debian 12, 2.x in Debian 13), in their own
 * default formats. An edge is logical: with active low, `rising` is the line going low.
 */

/** `gpiomon`: `event:  RISING EDGE offset: 17 timestamp: [ 1623.123]` (1.x), `1623.123 rising gpiochip0 17` (2.x). */
export function decodeEdge(line: string): boolean | undefined {
  const found = /\b(rising|falling)\b/i.exec(line);
  return found ? found[1]?.toLowerCase() === 'rising' : undefined;
}

/** `gpioget`: `0` or `1` (1.x), `"17"=active` (2.x). */
export function decodeLevel(output: string): boolean | undefined {
  const text = output.trim();
  if (text === '0' || text === '1') return text === '1';
  const found = /=(active|inactive)\b/.exec(text);
  return found ? found[1] === 'active' : undefined;
}

export interface GpioLine {
  readonly chip: string;
  readonly offset: number;
  readonly activeLow: boolean;
  readonly tools: 1 | 2;
  readonly bias: 'pull-up' | 'pull-down' | 'disable' | undefined;
}

const flags = ({ activeLow, bias }: GpioLine): readonly string[] => [
  ...(activeLow ? ['--active-low'] : []),
  ...(bias === undefined ? [] : [`--bias=${bias === 'disable' ? 'disable' : bias}`]),
];
const place = ({ chip, offset, tools }: GpioLine, what = String(offset)): readonly string[] =>
  tools === 1 ? [chip, what] : ['--chip', chip, what];

/** Arguments for `gpioget`. */
export const getArguments = (line: GpioLine): readonly string[] => [...flags(line), ...place(line)];
/** Arguments for `gpiomon`; version 1 must be told not to keep its lines. */
export const monitorArguments = (line: GpioLine): readonly string[] => [
  ...(line.tools === 1 ? ['--line-buffered'] : []),
  ...flags(line),
  ...place(line),
];
/** Arguments for `gpioset`, which holds the line for as long as it runs. */
export const setArguments = (line: GpioLine, on: boolean): readonly string[] => [
  ...(line.tools === 1 ? ['--mode=signal'] : []),
  ...(line.activeLow ? ['--active-low'] : []),
  ...place(line, `${line.offset}=${on ? 1 : 0}`),
];
