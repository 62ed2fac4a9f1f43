/**
 * The line protocol of keypads with a small controller of their own, and of the simulator (docs/keypad.md): ASCII lines ended by
 * LF, `D code` a key goes down, `U code` it comes up, `J 0|1` the headset's plug, `V 0…100` the loudness. `?` asks for J and V.
 */
export type PadLine =
  | { readonly line: 'down' | 'up'; readonly code: string }
  | { readonly line: 'jack'; readonly plugged: boolean }
  /** 0…1 */
  | { readonly line: 'level'; readonly level: number }
  | { readonly line: 'ask' };

/** A line longer than this is noise. */
const LONGEST_LINE = 64;

export interface PadLines {
  readonly lines: readonly PadLine[];
  /** Lines that are none of these. */
  readonly faults: number;
  readonly rest: string;
}

export function readPadLines(text: string): PadLines {
  const parts = text.split('\n');
  const last = parts.pop() ?? '';
  const lines: PadLine[] = [];
  let faults = 0;
  for (const part of parts) {
    const line = readLine(part.replace(/\r$/, ''));
    if (line) lines.push(line);
    else if (part.trim() !== '') faults += 1;
  }
  const noise = last.length > LONGEST_LINE;
  return { lines, faults: faults + (noise ? 1 : 0), rest: noise ? '' : last };
}

function readLine(text: string): PadLine | undefined {
  if (text === '?') return { line: 'ask' };
  const [, letter = '', value = ''] = /^([DUJV]) ([\w-]{1,32})$/.exec(text) ?? [];
  switch (letter) {
    case 'D':
      return { line: 'down', code: value };
    case 'U':
      return { line: 'up', code: value };
    case 'J':
      return value === '0' || value === '1' ? { line: 'jack', plugged: value === '1' } : undefined;
    case 'V':
      return /^\d{1,3}$/.test(value) && Number(value) <= 100
        ? { line: 'level', level: Number(value) / 100 }
        : undefined;
    default:
      return undefined;
  }
}

export function padLine(line: PadLine): string {
  switch (line.line) {
    case 'down':
      return `D ${line.code}\n`;
    case 'up':
      return `U ${line.code}\n`;
    case 'jack':
      return `J ${line.plugged ? 1 : 0}\n`;
    case 'level':
      return `V ${Math.round(Math.min(1, Math.max(0, line.level)) * 100)}\n`;
    case 'ask':
      return '?\n';
  }
}
