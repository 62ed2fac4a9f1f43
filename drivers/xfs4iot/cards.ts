import { isJollyError } from '@jolly/contracts/values';
import { cardError } from '../card/index.ts';
import {
  type CardInHand,
  type HeldCard,
  type ReaderStack,
  type ReaderStackEvents,
  readAtr,
  type Slot,
  SlotBook,
  Transactions,
} from '../card/reader/index.ts';
import { type Announced, bytesAt, listAt, objectAt, toBase64, wordAt, wordsAt } from './codec/index.ts';
import type { Completion } from './conversation.ts';
import type { XfsContext } from './device.ts';
import { XfsService } from './service.ts';
import type { XfsAddress } from './settings.ts';
import { openWebSocket } from './socket.ts';

const NAME = 'xfs4iot';
/** How often a card's presence is looked at beside the events: some services forget `MediaRemovedEvent`. */
const LOOK_EVERY_MS = 700;
const POWER_MS = 5_000;
const CHIP_MS = 15_000;
const AGAIN_MS = 1_000;
/** VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER (ISO 7816-4): with data and outside secure messaging they carry a PIN as it is. */
const SECRET_INS: ReadonlySet<number> = new Set([0x20, 0x24, 0x2c]);

/** The chip reader of a cabinet behind XFS4IoT, as a stack of one slot: what reads a CIE over PC/SC reads it over this. */
export class XfsReaderStack implements ReaderStack {
  readonly uri: string;
  readonly #service: XfsService;
  readonly #context: XfsContext;
  readonly #book: SlotBook;
  readonly #transactions: Transactions;
  #events: ReaderStackEvents | undefined;
  #protocols: readonly string[] = [];
  #waiting: AbortController | undefined;
  #stopLook: () => void = () => undefined;
  #inAct = false;
  #closed = false;
  readonly #counts = { cards: 0, chipErrors: 0, plainSecrets: 0 };

  constructor(address: XfsAddress, context: XfsContext) {
    this.uri = address.text;
    this.#context = context;
    const { clock, log, open = openWebSocket, random = Math.random } = context;
    this.#service = new XfsService(address, 'CardReader', { clock, log, open, random });
    this.#book = new SlotBook(
      clock,
      (slots) => this.#events?.slots(slots),
      (insertion, now) => this.#transactions.left(insertion, now),
    );
    this.#transactions = new Transactions(clock, this.#book, () => this.#take());
  }

  get slots(): readonly Slot[] {
    return this.#book.shown;
  }

  get counters(): Readonly<Record<string, number>> {
    const { insertions } = this.#book;
    return { insertions, ...this.#transactions.counters, ...this.#service.counters, ...this.#counts };
  }

  start(events: ReaderStackEvents): void {
    this.#events = events;
    this.#service.start({
      up: (announced) => this.#up(announced),
      down: (reason) => {
        this.#stopLook();
        this.#waiting = undefined;
        this.#transactions.lost('xfs4iot');
        this.#book.keep(new Set());
        this.#events?.trouble(reason === 'no-such-interface' ? 'no-readers' : 'no-service');
      },
      unsolicited: ({ name }) => {
        if (name === 'CardReader.MediaRemovedEvent') this.#removed();
      },
    });
  }

  withCard<T>(insertion: number, act: (card: CardInHand) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#transactions.run(insertion, act, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#events = undefined;
    this.#stopLook();
    this.#waiting?.abort();
    await this.#transactions.close();
    this.#book.close();
    this.#service.close();
  }

  #up({ capabilities }: Announced): void {
    this.#protocols = protocolsOf(objectAt(capabilities, 'cardReader'));
    this.#book.see(NAME, 'empty', undefined, false);
    this.#events?.trouble(undefined);
    this.#wait();
  }

  /** Asks for a card without end: the service completes when one was put in and its chip has answered. */
  #wait(): void {
    if (this.#closed || !this.#service.isUp) return;
    this.#stopLook();
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#service.command('CardReader.ReadRawData', { chip: true }, { signal: waiting.signal }).then(
      (done) => {
        if (this.#waiting !== waiting) return;
        this.#waiting = undefined;
        this.#came(done);
      },
      (error: unknown) => {
        if (!isJollyError(error)) throw error;
        if (this.#waiting === waiting) this.#waitAgain();
      },
    );
  }

  #waitAgain(): void {
    this.#waiting = undefined;
    this.#stopLook();
    if (!this.#closed) this.#stopLook = this.#context.clock.after(AGAIN_MS, () => this.#wait());
  }

  #came({ code, errorCode, payload }: Completion): void {
    const [chip] = listAt(payload, 'chip');
    const atr = chip && bytesAt(chip, 'data');
    if (code === 'success' && atr && atr.length >= 2) {
      this.#counts.cards += 1;
      this.#book.see(NAME, 'card', atr, true);
      this.#watch();
      return;
    }
    // put in the wrong way round, no chip, or two in the field: something lies there that does not speak
    const mute = code === 'success' || errorCode === 'invalidMedia' || errorCode === 'cardCollision';
    if (mute) {
      this.#book.see(NAME, 'mute', undefined, true);
      this.#watch();
    } else this.#waitAgain();
  }

  /** Looks whether the card is still there, where events alone may not tell. */
  #watch(): void {
    this.#stopLook();
    if (this.#closed) return;
    this.#stopLook = this.#context.clock.after(LOOK_EVERY_MS, () => void this.#lookAfter());
  }

  async #lookAfter(): Promise<void> {
    // commands take their turn behind those to the chip; a pulled card makes those fail by itself
    if (!this.#inAct) {
      try {
        const { code, payload } = await this.#service.command('Common.Status', {}, { timeoutMs: POWER_MS });
        const media = wordAt(objectAt(payload, 'cardReader'), 'media');
        if (code === 'success' && media === 'notPresent') {
          this.#removed();
          return;
        }
      } catch (error) {
        if (!isJollyError(error)) throw error;
      }
    }
    if (this.#service.isUp && this.#waiting === undefined) this.#watch();
  }

  #removed(): void {
    if (this.#waiting) return;
    this.#book.see(NAME, 'empty', undefined, true);
    this.#wait();
  }

  async #take(): Promise<HeldCard> {
    this.#inAct = true;
    try {
      const atr = await this.#power('cold');
      const ours = readAtr(atr)?.protocols;
      const protocol = ours && !ours.has(1) ? 'T=0' : 'T=1';
      const chipProtocol = this.#chipProtocol(protocol, atr);
      const over = () => {
        this.#inAct = false;
      };
      return {
        protocol,
        transmit: (apdu) => this.#transmit(apdu, chipProtocol),
        release: async () => {
          over();
          await this.#power('warm');
        },
        abandon: () => {
          over();
          // nobody waits: the next act powers the chip up anew
          this.#power('warm').catch(() => undefined);
        },
      };
    } catch (error) {
      this.#inAct = false;
      throw error;
    }
  }

  async #power(chipPower: 'cold' | 'warm'): Promise<Uint8Array> {
    const done = await this.#chip('CardReader.ChipPower', { chipPower }, POWER_MS);
    return bytesAt(done.payload, 'chipData') ?? new Uint8Array();
  }

  async #transmit(apdu: Uint8Array, chipProtocol: string): Promise<Uint8Array> {
    const [cla = 0, ins = 0] = apdu;
    const protectedByCard = (cla & 0x0c) === 0x0c;
    if (SECRET_INS.has(ins) && !protectedByCard && apdu.length > 5) {
      // a text on its way to another program cannot be wiped: no PIN goes that way (docs/xfs4iot.md)
      this.#counts.plainSecrets += 1;
      throw cardError('CARD_REFUSED', { step: 'plain-secret', sw: '0000' });
    }
    const done = await this.#chip('CardReader.ChipIO', { chipProtocol, chipData: toBase64(apdu) }, CHIP_MS);
    return bytesAt(done.payload, 'chipData') ?? new Uint8Array();
  }

  async #chip(
    name: string,
    payload: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ): Promise<Completion> {
    let done: Completion;
    try {
      done = await this.#service.command(name, payload, { timeoutMs });
    } catch (cause) {
      throw cardError('READER_LOST', { why: 'xfs4iot' }, { cause });
    }
    if (done.code === 'success') return done;
    this.#counts.chipErrors += 1;
    switch (done.errorCode ?? done.code) {
      case 'noMedia':
        this.#removed();
        throw cardError('CARD_REMOVED');
      case 'timeOut':
      case 'canceled':
        throw cardError('CARD_SLOW', { why: 'xfs4iot' });
      case 'deviceNotReady':
      case 'hardwareError':
        throw cardError('READER_LOST', { why: done.code });
      default:
        throw cardError('CARD_MUTE', { why: done.errorCode ?? done.code });
    }
  }

  /** What the service is told to speak: what it finds by itself where it offers that, else what the ATR says. */
  #chipProtocol(protocol: HeldCard['protocol'], atr: Uint8Array): string {
    const offered = (name: string) => this.#protocols.includes(name);
    if (offered('chipProtocolNotRequired')) return 'chipProtocolNotRequired';
    // an ATR made for a contactless card says T=0 and then T=1 (PC/SC part 3: 3B 8n 80 01)
    const contactless =
      atr[0] === 0x3b && ((atr[1] ?? 0) & 0xf0) === 0x80 && atr[2] === 0x80 && atr[3] === 0x01;
    if (contactless && offered('chipTypeAPart4')) return 'chipTypeAPart4';
    if (contactless && offered('chipTypeB')) return 'chipTypeB';
    return protocol === 'T=0' ? 'chipT0' : 'chipT1';
  }
}

/** Flags `{chipT0: true}` in 1.0, a list of names later. */
function protocolsOf(capabilities: Readonly<Record<string, unknown>>): readonly string[] {
  const listed = wordsAt(capabilities, 'chipProtocols');
  if (listed.length > 0) return listed;
  const flags = objectAt(capabilities, 'chipProtocols');
  return Object.keys(flags).filter((name) => flags[name] === true);
}
