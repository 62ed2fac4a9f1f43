import { otherCodeOf } from '@jolly/contracts/notice';
import { type Clock, type RandomBytes, sleep } from '@jolly/contracts/values';
import { encodeSerial } from '@jolly/drivers/barcode/serial';
import { z } from 'zod';
import type { SimulatedDevice, Wire } from '../process/index.ts';

const suffix = z.enum(['cr', 'lf', 'crlf', 'tab', 'stx-etx', 'none']).default('crlf');
const aim = z
  .string()
  .regex(/^\][A-Za-z][0-9A-Za-z]$/)
  .optional();

/** What the panel or a test may ask of the reader. */
export const BarcodeAction = z.discriminatedUnion('action', [
  z.object({ action: z.literal('scan'), text: z.string().min(1).max(10_000), aim, suffix }),
  /** The same, sent in these pieces with a pause between them. */
  z.object({
    action: z.literal('scan-split'),
    chunks: z.array(z.string().min(1).max(10_000)).min(1).max(100),
    aim,
    suffix,
    gapMs: z.int().min(0).max(5_000).default(20),
  }),
  /** Random bytes, as a bad cable or another program makes. */
  z.object({ action: z.literal('noise'), bytes: z.int().min(1).max(100_000).default(64) }),
  z.object({ action: z.literal('reset') }),
]);
export type BarcodeAction = z.output<typeof BarcodeAction>;

export interface SimulatedScan {
  readonly at: number;
  /** Personal data masked. */
  readonly text: string;
  readonly aim?: string;
  /** How many connections it was sent to; 0 when the reader was off or nobody was there. */
  readonly sentTo: number;
}

export interface BarcodeSimulatorState {
  readonly clients: number;
  /** `unknown` until the host sends a command: the reader is then always on. */
  readonly trigger: 'unknown' | 'on' | 'off';
  /** Newest first. */
  readonly scans: readonly SimulatedScan[];
}

const KEPT_SCANS = 20;
/** The citizen's part of a postal Data Matrix ends here; the debtor's begins. */
const CITIZEN_END = 77;

/** What may be shown of a code: no debtor, no person's tax code, and not more than a line. */
export function masked(text: string): string {
  if (/^codfase=/i.test(text)) return `${text.slice(0, CITIZEN_END)}…`;
  if (otherCodeOf(text) === 'tax-code') return `${text.slice(0, 3)}…`;
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

/** Follows the trigger commands of both makers (barcode.md 1.1): the last one heard, if any. */
function triggerAfter(heard: string): 'on' | 'off' | undefined {
  const on = Math.max(heard.lastIndexOf('\u0016T\r'), heard.lastIndexOf('E'));
  const off = Math.max(heard.lastIndexOf('\u0016U\r'), heard.lastIndexOf('D'));
  if (on === off) return undefined;
  return on > off ? 'on' : 'off';
}

/** The other end of a serial reader's wire: sends codes as the reader would, obeys trigger commands. */
export function simulatedReader(context: {
  readonly clock: Clock;
  readonly random: RandomBytes;
}): SimulatedDevice<BarcodeAction> & { state(): BarcodeSimulatorState } {
  const wires = new Set<Wire>();
  let scans: readonly SimulatedScan[] = [];
  let trigger: BarcodeSimulatorState['trigger'] = 'unknown';
  let heard = '';

  const send = (bytes: Uint8Array): number => {
    for (const wire of wires) wire.write(bytes);
    return wires.size;
  };
  const scan = async (
    texts: readonly string[],
    action: { readonly aim?: string | undefined; readonly suffix: z.output<typeof suffix> },
    gapMs: number,
  ) => {
    const text = texts.join('');
    const known = action.aim === undefined ? {} : { aim: action.aim };
    const off = trigger === 'off';
    const sentTo = off ? 0 : wires.size;
    scans = [{ at: context.clock.now(), text: masked(text), ...known, sentTo }, ...scans].slice(
      0,
      KEPT_SCANS,
    );
    if (off) return;
    const plain = encodeSerial({ text, ...known }, 'cr');
    const bytes =
      action.suffix === 'none' ? plain.slice(0, -1) : encodeSerial({ text, ...known }, action.suffix);
    let from = 0;
    for (const [index, piece] of texts.entries()) {
      const last = index === texts.length - 1;
      const end = last ? bytes.length : from + new TextEncoder().encode(piece).length;
      send(bytes.subarray(from, end));
      from = end;
      if (!last) await sleep(context.clock, gapMs);
    }
  };

  return {
    connected: (wire) => void wires.add(wire),
    disconnected: (wire) => {
      wires.delete(wire);
      // A reader that loses its host goes back to reading by itself.
      if (wires.size === 0) trigger = 'unknown';
    },
    data: (_wire, bytes) => {
      heard = (heard + Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).slice(-64);
      trigger = triggerAfter(heard) ?? trigger;
    },
    state: () => ({ clients: wires.size, trigger, scans }),
    act: async (action) => {
      switch (action.action) {
        case 'scan':
          return scan([action.text], action, 0);
        case 'scan-split':
          return scan(action.chunks, action, action.gapMs);
        case 'noise':
          send(context.random(action.bytes));
          return;
        case 'reset':
          scans = [];
          trigger = 'unknown';
          heard = '';
          return;
      }
    },
  };
}
