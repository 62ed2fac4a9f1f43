import { PadKey } from '@jolly/contracts/terminal-channel';
import { type Clock, type RandomBytes, sleep } from '@jolly/contracts/values';
import { type PadLine, padLine, readPadLines } from '@jolly/drivers/pad-line';
import { z } from 'zod';
import type { SimulatedDevice, Wire } from '../process/index.ts';

/** What the panel or a test may ask of the keypad. */
export const KeypadAction = z.discriminatedUnion('action', [
  /** Down and up again; `holdMs` in between. */
  z.object({ action: z.literal('press'), key: PadKey, holdMs: z.int().min(0).max(10_000).default(60) }),
  /** Digit keys one after the other, as a person types. */
  z.object({
    action: z.literal('type'),
    digits: z.string().regex(/^\d{1,30}$/),
    gapMs: z.int().min(0).max(2_000).default(110),
  }),
  z.object({ action: z.literal('headset'), plugged: z.boolean() }),
  /** A worn contact: the key comes four times within a few milliseconds. */
  z.object({ action: z.literal('bounce'), key: PadKey }),
  /** A key that is stuck, until it is released. */
  z.object({ action: z.literal('hold'), key: PadKey }),
  z.object({ action: z.literal('release') }),
  /** Random bytes, as a bad cable makes. */
  z.object({ action: z.literal('noise'), bytes: z.int().min(1).max(10_000).default(64) }),
  z.object({ action: z.literal('reset') }),
]);
export type KeypadAction = z.output<typeof KeypadAction>;

export interface KeypadSimulatorState {
  readonly clients: number;
  readonly headset: boolean;
  /** Loudness that the terminal asked for, 0…1; undefined: it has not asked yet. */
  readonly level: number | undefined;
  readonly held: readonly PadKey[];
  /** Newest first. A digit may be of a PIN: it is only counted. */
  readonly pressed: readonly { readonly at: number; readonly key: string }[];
}

const KEPT = 20;

const shown = (key: PadKey): string => (/^\d$/.test(key) ? '·' : key);

/** The other end of the keypad's wire: keys, the plug of the headset, and the loudness that is asked of it. */
export function simulatedKeypad(context: {
  readonly clock: Clock;
  readonly random: RandomBytes;
}): SimulatedDevice<KeypadAction> & { state(): KeypadSimulatorState } {
  const { clock } = context;
  const wires = new Map<Wire, string>();
  const held = new Set<PadKey>();
  let headset = false;
  let level: number | undefined;
  let pressed: KeypadSimulatorState['pressed'] = [];

  const bytesOf = (line: PadLine) => new TextEncoder().encode(padLine(line));
  const send = (line: PadLine) => {
    for (const wire of wires.keys()) wire.write(bytesOf(line));
  };
  const down = (key: PadKey) => {
    pressed = [{ at: clock.now(), key: shown(key) }, ...pressed].slice(0, KEPT);
    held.add(key);
    send({ line: 'down', code: key });
  };
  const up = (key: PadKey) => {
    held.delete(key);
    send({ line: 'up', code: key });
  };
  const plug = (plugged: boolean) => {
    headset = plugged;
    send({ line: 'jack', plugged });
  };

  return {
    connected: (wire) => void wires.set(wire, ''),
    disconnected: (wire) => void wires.delete(wire),
    data: (wire, bytes) => {
      const read = readPadLines((wires.get(wire) ?? '') + String.fromCharCode(...bytes));
      wires.set(wire, read.rest);
      for (const line of read.lines) {
        if (line.line === 'level') level = line.level;
        if (line.line !== 'ask') continue;
        wire.write(bytesOf({ line: 'jack', plugged: headset }));
        if (level !== undefined) wire.write(bytesOf({ line: 'level', level }));
      }
    },
    state: () => ({ clients: wires.size, headset, level, held: [...held], pressed }),
    act: async (action) => {
      switch (action.action) {
        case 'press':
          down(action.key);
          await sleep(clock, action.holdMs);
          up(action.key);
          return;
        case 'type':
          for (const digit of action.digits) {
            down(PadKey.parse(digit));
            up(PadKey.parse(digit));
            await sleep(clock, action.gapMs);
          }
          return;
        case 'headset':
          plug(action.plugged);
          return;
        case 'bounce':
          for (let time = 0; time < 4; time++) {
            down(action.key);
            up(action.key);
            await sleep(clock, 8);
          }
          return;
        case 'hold':
          down(action.key);
          return;
        case 'release':
          for (const key of held) up(key);
          return;
        case 'noise':
          for (const wire of wires.keys()) wire.write(context.random(action.bytes));
          return;
        case 'reset':
          for (const key of held) up(key);
          if (headset) plug(false);
          pressed = [];
      }
    },
  };
}
