import type { Power } from '../port.ts';

/**
 * The text protocol of Network UPS Tools (other-devices.md): lines ended by LF, words between blanks, values in double
 * quotes with `\"` and `\\` inside.
 */

/** A line longer than this is not NUT's: values are short. */
export const LONGEST_LINE = 2_048;

/** What a client asks. */
export type NutRequest =
  | { readonly ask: 'VER' | 'NETVER' | 'LIST UPS' | 'LOGOUT' }
  | { readonly ask: 'LIST VAR' | 'LIST CMD' | 'LOGIN'; readonly ups: string }
  | { readonly ask: 'GET VAR'; readonly ups: string; readonly name: string }
  | { readonly ask: 'USERNAME' | 'PASSWORD'; readonly value: string };

/** What upsd answers, one line each; a list is `begin`, its rows, `end`. */
export type NutAnswer =
  | { readonly is: 'ok'; readonly detail: string }
  | { readonly is: 'error'; readonly code: string }
  | { readonly is: 'var'; readonly ups: string; readonly name: string; readonly value: string }
  | { readonly is: 'ups'; readonly ups: string; readonly description: string }
  | { readonly is: 'cmd'; readonly ups: string; readonly name: string }
  | { readonly is: 'begin' | 'end'; readonly list: string }
  /** The version lines, and whatever a newer server says. */
  | { readonly is: 'text'; readonly text: string };

const quoted = (value: string): string => (/^[\w.@:/-]+$/.test(value) ? value : `"${escaped(value)}"`);
const escaped = (value: string): string => value.replace(/["\\]/g, '\\$&').replace(/[\r\n]/g, ' ');

/** One line with its LF. */
export function encodeRequest(request: NutRequest): string {
  switch (request.ask) {
    case 'LIST VAR':
    case 'LIST CMD':
    case 'LOGIN':
      return `${request.ask} ${quoted(request.ups)}\n`;
    case 'GET VAR':
      return `GET VAR ${quoted(request.ups)} ${quoted(request.name)}\n`;
    case 'USERNAME':
    case 'PASSWORD':
      return `${request.ask} ${quoted(request.value)}\n`;
    default:
      return `${request.ask}\n`;
  }
}

/** Words of a line; what stands in quotes is one word. Takes any text: an open quote ends with the line. */
export function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, inQuotes, plain] of line.matchAll(/"((?:[^"\\]|\\.)*)"?|(\S+)/g))
    words.push(inQuotes === undefined ? (plain ?? '') : inQuotes.replace(/\\(.)/g, '$1'));
  return words;
}

/** Reads one line of the server's. Total: what it does not know is `text`. */
export function decodeAnswer(line: string): NutAnswer {
  const [first = '', second = '', third = '', fourth = ''] = wordsOf(line);
  const text = { is: 'text', text: line } as const;
  switch (first) {
    case 'OK':
      return { is: 'ok', detail: line.slice(2).trim() };
    case 'ERR':
      return second === '' ? text : { is: 'error', code: second };
    case 'VAR':
      return third === '' ? text : { is: 'var', ups: second, name: third, value: fourth };
    case 'UPS':
      return second === '' ? text : { is: 'ups', ups: second, description: third };
    case 'CMD':
      return third === '' ? text : { is: 'cmd', ups: second, name: third };
    case 'BEGIN':
    case 'END':
      return second === 'LIST'
        ? { is: first === 'BEGIN' ? 'begin' : 'end', list: line.replace(/^(BEGIN|END) LIST\s*/, '').trim() }
        : text;
    default:
      return text;
  }
}

/** Reads a client's line: the other end of the wire, for the simulator. Undefined for what upsd calls UNKNOWN-COMMAND. */
export function decodeRequest(line: string): NutRequest | undefined {
  const [first = '', second = '', third = '', fourth = ''] = wordsOf(line);
  const both = `${first} ${second}`;
  if (first === 'VER' || first === 'NETVER' || first === 'LOGOUT') return { ask: first };
  if (both === 'LIST UPS') return { ask: both };
  if ((both === 'LIST VAR' || both === 'LIST CMD') && third !== '') return { ask: both, ups: third };
  if (both === 'GET VAR' && fourth !== '') return { ask: both, ups: third, name: fourth };
  if (first === 'LOGIN' && second !== '') return { ask: first, ups: second };
  if ((first === 'USERNAME' || first === 'PASSWORD') && second !== '') return { ask: first, value: second };
  return undefined;
}

/** One line of the server's with its LF: the other end of the wire. */
export function encodeAnswer(answer: NutAnswer): string {
  switch (answer.is) {
    case 'ok':
      return answer.detail === '' ? 'OK\n' : `OK ${answer.detail}\n`;
    case 'error':
      return `ERR ${answer.code}\n`;
    case 'var':
      return `VAR ${answer.ups} ${answer.name} "${escaped(answer.value)}"\n`;
    case 'ups':
      return `UPS ${answer.ups} "${escaped(answer.description)}"\n`;
    case 'cmd':
      return `CMD ${answer.ups} ${answer.name}\n`;
    case 'begin':
    case 'end':
      return `${answer.is === 'begin' ? 'BEGIN' : 'END'} LIST ${answer.list}\n`;
    case 'text':
      return `${answer.text}\n`;
  }
}

/** Cuts a stream into lines, in any fragmentation. A line without an end is dropped at `LONGEST_LINE`. */
export class LineReader {
  readonly #decoder = new TextDecoder('utf-8');
  #rest = '';
  #skipping = false;

  push(bytes: Uint8Array): readonly string[] {
    const pieces = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = pieces.pop() ?? '';
    const lines = pieces.map((line) => line.replace(/\r$/, ''));
    if (this.#skipping && lines.length > 0) {
      lines.shift();
      this.#skipping = false;
    }
    if (this.#rest.length > LONGEST_LINE) {
      this.#rest = '';
      this.#skipping = true;
    }
    return lines;
  }

  reset(): void {
    this.#rest = '';
    this.#skipping = false;
  }
}

/** What the tokens of `ups.status` say. A low battery counts only while it is the battery that feeds; FSD always. */
export interface UpsStatus {
  readonly tokens: readonly string[];
  readonly power: Power;
  /** FSD: the UPS is about to be switched off, mains or not. */
  readonly forced: boolean;
  readonly charging: boolean;
  readonly replaceBattery: boolean;
  readonly overload: boolean;
}

export function decodeStatus(value: string): UpsStatus {
  const tokens = value.split(/\s+/).filter((token) => token !== '');
  const has = (token: string) => tokens.includes(token);
  const forced = has('FSD');
  return {
    tokens,
    power:
      forced || (has('OB') && has('LB')) ? 'low' : has('OB') ? 'battery' : has('OL') ? 'mains' : 'unknown',
    forced,
    charging: has('CHRG'),
    replaceBattery: has('RB'),
    overload: has('OVER'),
  };
}
