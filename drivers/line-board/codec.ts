import { LIGHT_NAMES, type LightLook, type LightName } from '../lights/index.ts';
import type { Door, Nearness } from '../sensors/index.ts';

/**
 * The line protocol of small boards with lights, contacts and sensors (docs/lights.md). There is no standard; this one is for a
 * microcontroller of a few lines and for the simulator. ASCII, LF (a CR before it is let go), words between blanks.
 *
 *   host                                  board
 *   PING                                  PONG            every 2 s; a board that is silent for 5 s is taken for gone
 *   LIGHTS                                LIGHTS <name>…
 *   LIGHT <name> <rate> <colour>          LIGHT <name> <rate> <colour>
 *   DISPLAY on|off                        DISPLAY on|off
 *   GET                                   PRESENCE …, DOOR … (those that it has)
 *                                         PRESENCE present|absent · DOOR closed|open   by itself, at each change
 *                                         ERR <CODE>      the question before was not understood or cannot be done
 */
export type BoardMessage =
  | { readonly say: 'ping' | 'pong' | 'get' }
  | { readonly say: 'lights'; readonly names: readonly LightName[] }
  | { readonly say: 'light'; readonly name: LightName; readonly look: LightLook }
  | { readonly say: 'display'; readonly power: 'on' | 'off' }
  | { readonly say: 'presence'; readonly presence: Nearness }
  | { readonly say: 'door'; readonly door: Door }
  | { readonly say: 'error'; readonly code: string };

const RATES: readonly LightLook['rate'][] = ['off', 'slow', 'medium', 'quick', 'continuous'];
const COLOURS: readonly LightLook['colour'][] = [
  'red',
  'green',
  'yellow',
  'blue',
  'cyan',
  'magenta',
  'white',
];

const among = <T extends string>(word: string | undefined, allowed: readonly T[]): T | undefined =>
  allowed.find((each) => each === word);

/** Reads one line, from either side. Undefined for what is not of the protocol. */
export function decodeBoardLine(line: string): BoardMessage | undefined {
  const [head, first, second, third] = line.trim().split(/\s+/);
  switch (head) {
    case 'PING':
      return { say: 'ping' };
    case 'PONG':
      return { say: 'pong' };
    case 'GET':
      return { say: 'get' };
    case 'LIGHTS': {
      const words = line.trim().split(/\s+/).slice(1);
      return { say: 'lights', names: LIGHT_NAMES.filter((name) => words.includes(name)) };
    }
    case 'LIGHT': {
      const name = among(first, LIGHT_NAMES);
      const rate = among(second, RATES);
      const colour = among(third, COLOURS);
      return name && rate && colour ? { say: 'light', name, look: { rate, colour } } : undefined;
    }
    case 'DISPLAY': {
      const power = among(first, ['on', 'off']);
      return power && { say: 'display', power };
    }
    case 'PRESENCE': {
      const presence = among(first, ['present', 'absent', 'unknown']);
      return presence && { say: 'presence', presence };
    }
    case 'DOOR': {
      const door = among(first, ['closed', 'open']);
      return door && { say: 'door', door };
    }
    case 'ERR':
      return first === undefined ? undefined : { say: 'error', code: first.slice(0, 40) };
    default:
      return undefined;
  }
}

/** One line with its LF. */
export function encodeBoardLine(message: BoardMessage): string {
  switch (message.say) {
    case 'lights':
      return `${['LIGHTS', ...message.names].join(' ')}\n`;
    case 'light':
      return `LIGHT ${message.name} ${message.look.rate} ${message.look.colour}\n`;
    case 'display':
      return `DISPLAY ${message.power}\n`;
    case 'presence':
      return `PRESENCE ${message.presence}\n`;
    case 'door':
      return `DOOR ${message.door}\n`;
    case 'error':
      return `ERR ${message.code}\n`;
    default:
      return `${message.say.toUpperCase()}\n`;
  }
}

const LONGEST = 256;

/** Cuts a stream into messages, in any fragmentation. A line of noise is passed over. */
export class BoardReader {
  #rest = '';

  push(bytes: Uint8Array): readonly BoardMessage[] {
    const pieces = (this.#rest + String.fromCharCode(...bytes)).split('\n');
    this.#rest = (pieces.pop() ?? '').slice(-LONGEST);
    return pieces.flatMap((line) => {
      const message = line.length > LONGEST ? undefined : decodeBoardLine(line);
      return message ? [message] : [];
    });
  }

  reset(): void {
    this.#rest = '';
  }
}
