import { isJollyError } from '@jolly/contracts/values';
import { type CardChannel, exchange, findTlv, SW, type Transmitter } from '../apdu/index.ts';
import { selectCie } from './select.ts';
import { type CieOptions, type CieTrace, type ExtendedLimits, newTrace } from './settings.ts';

/** A CIE whose application is selected; nothing is secured yet. */
export interface CieSession {
  readonly plain: CardChannel;
  readonly extended: ExtendedLimits | undefined;
  readonly trace: CieTrace;
  readonly signal?: AbortSignal | undefined;
  /** Bytes asked for in one READ BINARY, in clear and under secure messaging. */
  readonly chunk: number;
  readonly securedChunk: number;
  /** Data of one protected command. */
  readonly securedBlock: number;
}

/** What an extended answer and command must leave for status word, objects, MAC and padding (cie-card.md 4.3). */
const ANSWER_OVERHEAD = 40;
const COMMAND_OVERHEAD = 48;
/** More at a time brings nothing: the largest file read here has some 3 KB. */
const MOST_AT_ONCE = 4096;

/** Selects the application and asks the card how long its APDUs may be. Throws CARD_UNKNOWN for a card that is no CIE. */
export async function openCie(card: Transmitter, options: CieOptions): Promise<CieSession> {
  const trace = options.trace ?? newTrace();
  const counted = countedBy(trace, card);
  const short = exchange(counted);
  let extended = options.known?.extended;
  const ask = options.extended !== false && !options.known;
  await selectCie(short, async () => {
    if (ask) extended = await extendedLimits(short);
  });
  if (options.extended === false) extended = undefined;
  return {
    plain: exchange(counted, { extended }),
    extended,
    trace,
    signal: options.signal,
    chunk: extended ? Math.min(extended.answer - 2, MOST_AT_ONCE) : 0x100,
    securedChunk: extended ? Math.min(extended.answer - ANSWER_OVERHEAD, MOST_AT_ONCE) : 0xe7,
    securedBlock: extended ? Math.min(extended.command - COMMAND_OVERHEAD, MOST_AT_ONCE) : 0xe7,
  };
}

/** The same card, what goes over to it written down in `trace`. */
export function countedBy(trace: CieTrace, card: Transmitter): Transmitter {
  return {
    async transmit(apdu) {
      trace.apdus += 1;
      trace.bytesSent += apdu.length;
      // No short command goes on behind a length of zero.
      if (apdu.length > 5 && apdu[4] === 0) trace.extendedUsed = true;
      const answer = await card.transmit(apdu);
      trace.bytesReceived += answer.length;
      return answer;
    },
  };
}

/** `7F66 { 02 command, 02 answer }` of EF.ATR in the root (cie-card.md 2). A card that says nothing usable speaks short APDUs. */
async function extendedLimits(channel: CardChannel): Promise<ExtendedLimits | undefined> {
  const answer = await channel.send({ cla: 0, ins: 0xb0, p1: 0x9d, p2: 0, le: 0x100 });
  if (answer.sw !== SW.ok && answer.sw !== SW.endOfFile) return undefined;
  try {
    const limits = findTlv(answer.data, [0x7f66], 'ef-atr');
    if (limits?.length !== 8) return undefined;
    const [t1, l1, c1 = 0, c2 = 0, t2, l2, a1 = 0, a2 = 0] = limits;
    if (t1 !== 0x02 || l1 !== 2 || t2 !== 0x02 || l2 !== 2) return undefined;
    const extended = { command: (c1 << 8) | c2, answer: (a1 << 8) | a2 };
    return extended.command >= 512 && extended.answer >= 512 ? extended : undefined;
  } catch (error) {
    // The rest of the file has no fixed form; what cannot be read promises nothing.
    if (isJollyError(error, 'CARD_ANSWER_INVALID')) return undefined;
    throw error;
  }
}
