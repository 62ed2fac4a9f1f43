import type { Applet, TravelPersona } from '../applet.ts';
import { AuthenticatedCommands } from './authenticated.ts';
import { Bac } from './bac.ts';
import { Chain } from './chain.ts';
import {
  type Answer,
  answer,
  bytesOf,
  CHAINED,
  type Command,
  PROTECTED,
  readCommand,
  SW,
} from './command.ts';
import { cardAccess, type DocumentFile } from './document-files.ts';
import { mrzSecret } from './mrz.ts';
import { Pace } from './pace.ts';
import { cut, readingOf } from './reading.ts';
import { ProtectionFault, type SecureSession } from './session.ts';
import { ascii, hex, same } from './tlv.ts';

const AID = hex('A0000002471001');
const MASTER_FILE = hex('3F00');
const SHORT_ANSWER = 256;
const GET_RESPONSE = 0xc0;

export interface TravelOptions {
  /** Whether three-byte lengths are taken; without, long commands come chained. Default true. */
  readonly extendedLength?: boolean;
}

/** Where the card's attention is: nowhere of ours, the master file, the travel document's application. */
type Place = 'elsewhere' | 'master' | 'application';

const wordOf = ({ p1, p2 }: Command) => (p1 << 8) | p2;
const isMaster = (data: Uint8Array) => data.length === 0 || same(data, MASTER_FILE);
const fidOf = (data: Uint8Array) => ((data[0] ?? 0) << 8) | (data[1] ?? 0);

/** The travel document of one card (cie-card.md 7). Throws for a persona whose PACE offers it cannot keep. */
class TravelDocument implements Applet {
  readonly #inside: AuthenticatedCommands;
  readonly #access: DocumentFile | undefined;
  readonly #pace: Pace | undefined;
  readonly #bac: Bac | undefined;
  readonly #extended: boolean;
  readonly #chain = new Chain();
  #place: Place = 'elsewhere';
  /** Only EF.CardAccess can be selected in clear. */
  #accessSelected = false;
  #session: SecureSession | undefined;
  /** Rest of an answer that is fetched with GET RESPONSE. */
  #rest: Uint8Array | undefined;

  constructor(persona: TravelPersona, { extendedLength = true }: TravelOptions) {
    const { can, pace, bac, random } = persona;
    const passwords = new Map([
      [1, mrzSecret(persona)],
      [2, ascii(can)],
    ]);
    this.#access = cardAccess(persona);
    this.#pace = pace.length > 0 ? new Pace(pace, passwords, random) : undefined;
    this.#bac = bac ? new Bac(mrzSecret(persona), random) : undefined;
    this.#inside = new AuthenticatedCommands(persona, this.#access);
    this.#extended = extendedLength;
  }

  reset(): void {
    this.#leave('elsewhere');
    this.#rest = undefined;
    this.#chain.drop();
    this.#pace?.forget();
  }

  #leave(place: Place): void {
    this.#place = place;
    this.#accessSelected = false;
    this.#session = undefined;
    this.#bac?.forget();
  }

  handle(apdu: Uint8Array): Uint8Array | undefined {
    const command = readCommand(apdu);
    const mine = this.#place === 'application' || this.#session !== undefined;
    if (!command || (command.extended && !this.#extended))
      return mine ? bytesOf(answer(SW.wrongLength)) : undefined;
    if (command.cla === 0 && command.ins === GET_RESPONSE && this.#rest)
      return this.#sent(this.#rest, command);
    this.#rest = undefined;
    const said = (command.cla & PROTECTED) === PROTECTED ? this.#protected(command) : this.#plain(command);
    return said && this.#sent(bytesOf(said), command);
  }

  /** A short command's answer holds 256 bytes; the rest waits. */
  #sent(bytes: Uint8Array, command: Command): Uint8Array {
    const room = command.extended ? 0x10000 : SHORT_ANSWER;
    const most = command.ins === GET_RESPONSE ? Math.min(room, command.le ?? room) : room;
    this.#rest = undefined;
    if (bytes.length - 2 <= most) return bytes;
    this.#rest = bytes.slice(most);
    const left = Math.min(this.#rest.length - 2, SHORT_ANSWER) & 0xff;
    return bytesOf(answer(0x6100 | left, bytes.slice(0, most)));
  }

  #protected(command: Command): Answer | undefined {
    const session = this.#session;
    if (!session) return this.#place === 'application' ? answer(SW.secureMessagingWrong) : undefined;
    try {
      const plain = session.unwrap(command);
      const whole = this.#chain.add(plain);
      const { answer: said, session: next } =
        'sw' in whole ? { answer: whole, session: undefined } : this.#inside.handle(whole, session.room);
      const wrapped = session.wrap(said, command.ins);
      if (next) this.#session = next;
      return answer(SW.ok, wrapped);
    } catch (error) {
      if (!(error instanceof ProtectionFault)) throw error;
      this.#leave(this.#place);
      this.#chain.drop();
      return answer(error.sw);
    }
  }

  /** What comes in clear ends a session. */
  #plain(command: Command): Answer | undefined {
    if (this.#session) this.#leave(this.#place);
    const { cla, ins } = command;
    if ((cla & ~CHAINED) !== 0) return this.#notOurs(SW.wrongIns);
    if (ins === 0xa4) return this.#select(command);
    if (ins === 0xb0 || ins === 0xb1) return this.#read(command);
    if (this.#pace && ((ins === 0x22 && wordOf(command) === 0xc1a4) || ins === 0x86)) {
      const whole = this.#chain.add(command);
      if ('sw' in whole) return whole;
      return ins === 0x22 ? this.#pace.choose(whole) : this.#opened(this.#pace.authenticate(whole), 'master');
    }
    this.#chain.drop();
    if (this.#place === 'application' && this.#bac) {
      if (ins === 0x84) return command.le === 8 ? this.#bac.challenge() : answer(SW.wrongLength);
      if (ins === 0x82) return this.#opened(this.#bac.authenticate(command.data), 'application');
    }
    return this.#notOurs([0x22, 0x82, 0x84, 0x86, 0x88].includes(ins) ? SW.securityStatus : SW.wrongIns);
  }

  /** In our application everything is ours to refuse; elsewhere the next application is asked. */
  #notOurs(sw: number): Answer | undefined {
    return this.#place === 'application' ? answer(sw) : undefined;
  }

  #opened(done: { answer: Answer; session?: SecureSession }, place: 'master' | 'application'): Answer {
    if (done.session) {
      this.#leave(place);
      this.#session = done.session;
      this.#inside.begin(place);
    }
    return done.answer;
  }

  #select({ p1, p2, data }: Command): Answer | undefined {
    this.#chain.drop();
    if (p1 === 0x04) {
      const ours = same(data, AID);
      this.#leave(ours ? 'application' : 'elsewhere');
      return ours ? answer(SW.ok) : undefined;
    }
    if (p1 === 0x00 && isMaster(data)) {
      this.#leave('master');
      // With another P2 it is the root of the identity card's application that is meant, which answers itself.
      return p2 === 0x0c ? answer(SW.ok) : undefined;
    }
    const fid = data.length === 2 ? fidOf(data) : 0;
    if (this.#place === 'application' && (p1 === 0x00 || p1 === 0x02)) return answer(SW.securityStatus);
    this.#accessSelected = false;
    if (fid === 0x011c && (p1 === 0x00 || p1 === 0x02)) {
      if (!this.#access) return answer(SW.fileNotFound);
      if (this.#place !== 'master') return answer(SW.securityStatus);
      this.#accessSelected = true;
      return answer(SW.ok);
    }
    // No identity card is known to have EF.CardSecurity, and this one has none.
    if (fid === 0x011d && this.#place === 'master') return answer(SW.fileNotFound);
    if (p1 !== 0x02) this.#leave('elsewhere');
    return undefined;
  }

  #read(command: Command): Answer | undefined {
    this.#chain.drop();
    const reading = readingOf(command);
    if (this.#place === 'application' || !reading) return this.#notOurs(SW.securityStatus);
    const named = reading.sfi === 0x1c || reading.fid === 0x011c;
    const current = reading.sfi === undefined && reading.fid === undefined && this.#accessSelected;
    if (!named && !current) {
      if (reading.sfi !== undefined || reading.fid !== undefined) this.#accessSelected = false;
      return undefined;
    }
    if (!this.#access) return this.#place === 'master' ? answer(SW.fileNotFound) : undefined;
    if (this.#place !== 'master') return answer(SW.securityStatus);
    this.#accessSelected = true;
    return cut(this.#access.bytes(), reading.offset, command, command.extended ? 0x10000 : SHORT_ANSWER);
  }
}

export function createTravelDocument(persona: TravelPersona, options: TravelOptions = {}): Applet {
  return new TravelDocument(persona, options);
}
