import type { Clock } from '@jolly/contracts/values';
import type { LightLook, LightName } from '@jolly/drivers/lights';
import { LIGHT_NAMES, LIGHT_OFF } from '@jolly/drivers/lights';
import { type BoardMessage, BoardReader, encodeBoardLine } from '@jolly/drivers/line-board';
import { decodeRequest, encodeAnswer, LineReader, type NutAnswer } from '@jolly/drivers/ups/nut';
import { z } from 'zod';
import type { Wire, WireHandler } from '../process/index.ts';

/** What the panel or a test may do to the cabinet. */
export const CabinetAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('presence'), presence: z.enum(['present', 'absent']) }),
  z.object({ action: z.literal('door'), door: z.enum(['closed', 'open']) }),
  /** What comes in from the grid and what is left in the battery. `forced`: the UPS is about to go off by itself. */
  z.object({ action: z.literal('power'), power: z.enum(['mains', 'battery', 'low', 'forced']) }),
  /** upsd has lost its driver: it answers, and knows nothing. */
  z.object({ action: z.literal('stale'), stale: z.boolean() }),
  /** The board's microcontroller hangs: the line is there, and silent. */
  z.object({ action: z.literal('hang'), hangs: z.boolean() }),
  z.object({ action: z.literal('reset') }),
]);
export type CabinetAction = z.output<typeof CabinetAction>;

export interface CabinetState {
  readonly clients: { readonly board: number; readonly ups: number };
  readonly lights: Readonly<Partial<Record<LightName, LightLook>>>;
  readonly presence: 'present' | 'absent';
  readonly door: 'closed' | 'open';
  readonly power: 'mains' | 'battery' | 'low' | 'forced';
  readonly charge: number;
  readonly stale: boolean;
  readonly hangs: boolean;
  readonly display: 'on' | 'off';
  /** Newest first. */
  readonly displayLog: readonly { readonly at: number; readonly power: 'on' | 'off' }[];
}

export const UPS_NAME = 'kiosk';
const STATUS = {
  mains: 'OL CHRG',
  battery: 'OB DISCHRG',
  low: 'OB LB DISCHRG',
  forced: 'OB LB FSD',
} as const;
const CHARGE = { mains: 100, battery: 72, low: 9, forced: 4 } as const;
const RUNTIME = { mains: 3_600, battery: 1_500, low: 90, forced: 20 } as const;
const KEPT = 20;

/** The cabinet behind two wires: the board (lights, presence, door, display) and upsd. */
export class SimulatedCabinet {
  readonly #clock: Clock;
  readonly #boards = new Map<Wire, BoardReader>();
  readonly #upsds = new Map<Wire, LineReader>();
  readonly #lights = new Map<LightName, LightLook>();
  #presence: CabinetState['presence'] = 'absent';
  #door: CabinetState['door'] = 'closed';
  #power: CabinetState['power'] = 'mains';
  #display: CabinetState['display'] = 'on';
  #displayLog: CabinetState['displayLog'] = [];
  #stale = false;
  #hangs = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly board: WireHandler = {
    connected: (wire) => void this.#boards.set(wire, new BoardReader()),
    disconnected: (wire) => void this.#boards.delete(wire),
    data: (wire, bytes) => {
      for (const message of this.#boards.get(wire)?.push(bytes) ?? [])
        for (const answer of this.#boardAnswers(message)) this.#say(wire, answer);
    },
  };

  readonly upsd: WireHandler = {
    connected: (wire) => void this.#upsds.set(wire, new LineReader()),
    disconnected: (wire) => void this.#upsds.delete(wire),
    data: (wire, bytes) => {
      for (const line of this.#upsds.get(wire)?.push(bytes) ?? []) {
        for (const answer of this.#upsAnswers(line))
          wire.write(new TextEncoder().encode(encodeAnswer(answer)));
        if (line.trim() === 'LOGOUT') wire.end();
      }
    },
  };

  state(): CabinetState {
    return {
      clients: { board: this.#boards.size, ups: this.#upsds.size },
      lights: Object.fromEntries(this.#lights),
      presence: this.#presence,
      door: this.#door,
      power: this.#power,
      charge: CHARGE[this.#power],
      stale: this.#stale,
      hangs: this.#hangs,
      display: this.#display,
      displayLog: this.#displayLog,
    };
  }

  act(action: CabinetAction): void {
    switch (action.action) {
      case 'presence':
        this.#presence = action.presence;
        this.#tell({ say: 'presence', presence: action.presence });
        return;
      case 'door':
        this.#door = action.door;
        this.#tell({ say: 'door', door: action.door });
        return;
      case 'power':
        this.#power = action.power;
        return;
      case 'stale':
        this.#stale = action.stale;
        return;
      case 'hang':
        this.#hangs = action.hangs;
        return;
      case 'reset':
        this.#stale = false;
        this.#hangs = false;
        this.#power = 'mains';
        this.act({ action: 'presence', presence: 'absent' });
        this.act({ action: 'door', door: 'closed' });
        return;
    }
  }

  #say(wire: Wire, message: BoardMessage): void {
    if (!this.#hangs) wire.write(new TextEncoder().encode(encodeBoardLine(message)));
  }

  #tell(message: BoardMessage): void {
    for (const wire of this.#boards.keys()) this.#say(wire, message);
  }

  #boardAnswers(message: BoardMessage): readonly BoardMessage[] {
    switch (message.say) {
      case 'ping':
        return [{ say: 'pong' }];
      case 'lights':
        return [{ say: 'lights', names: LIGHT_NAMES }];
      case 'get':
        return [
          { say: 'door', door: this.#door },
          { say: 'presence', presence: this.#presence },
        ];
      case 'light':
        if (message.look.rate === LIGHT_OFF.rate) this.#lights.delete(message.name);
        else this.#lights.set(message.name, message.look);
        return [message];
      case 'display':
        this.#display = message.power;
        this.#displayLog = [{ at: this.#clock.now(), power: message.power }, ...this.#displayLog].slice(
          0,
          KEPT,
        );
        return [message];
      default:
        return [{ say: 'error', code: 'NOT-FOR-A-BOARD' }];
    }
  }

  #upsAnswers(line: string): readonly NutAnswer[] {
    const request = decodeRequest(line);
    if (!request) return [{ is: 'error', code: 'UNKNOWN-COMMAND' }];
    const error = (code: string): readonly NutAnswer[] => [{ is: 'error', code }];
    if ('ups' in request && request.ups !== UPS_NAME) return error('UNKNOWN-UPS');
    const variables = Object.entries(this.#variables());
    const variable = ([name, value]: readonly [string, string]): NutAnswer => ({
      is: 'var',
      ups: UPS_NAME,
      name,
      value,
    });
    const list = (name: string, rows: readonly NutAnswer[]): readonly NutAnswer[] => [
      { is: 'begin', list: name },
      ...rows,
      { is: 'end', list: name },
    ];
    switch (request.ask) {
      case 'VER':
        return [{ is: 'text', text: 'Network UPS Tools upsd simulated' }];
      case 'NETVER':
        return [{ is: 'text', text: '1.3' }];
      case 'LIST UPS':
        return list('UPS', [{ is: 'ups', ups: UPS_NAME, description: 'simulated' }]);
      case 'LIST CMD':
        return list(`CMD ${UPS_NAME}`, []);
      case 'LIST VAR':
        return this.#stale ? error('DATA-STALE') : list(`VAR ${UPS_NAME}`, variables.map(variable));
      case 'GET VAR': {
        if (this.#stale) return error('DATA-STALE');
        const found = variables.find(([name]) => name === request.name);
        return found ? [variable(found)] : error('VAR-NOT-SUPPORTED');
      }
      case 'LOGOUT':
        return [{ is: 'ok', detail: 'Goodbye' }];
      default:
        return [{ is: 'ok', detail: '' }];
    }
  }

  #variables(): Readonly<Record<string, string>> {
    return {
      'battery.charge': String(CHARGE[this.#power]),
      'battery.runtime': String(RUNTIME[this.#power]),
      'device.mfr': 'Jolly',
      'ups.status': STATUS[this.#power],
    };
  }
}
