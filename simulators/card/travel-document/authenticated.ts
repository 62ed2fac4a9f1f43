import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TravelPersona } from '../applet.ts';
import { signChallenge } from './active-authentication.ts';
import { type Agree, agreeWith, ChipAuthentication, type Renewed } from './chip-authentication.ts';
import { type Answer, answer, type Command, SW } from './command.ts';
import { applicationFiles, type DocumentFile } from './document-files.ts';
import { cut, readingOf } from './reading.ts';
import { hex, same } from './tlv.ts';

const AID = hex('A0000002471001');
const MASTER_FILE = hex('3F00');

/** The key of a clone: of the same kind, but not the one whose public part was signed. */
function otherKey(key: KeyObject): KeyObject {
  const details = key.asymmetricKeyDetails;
  return key.asymmetricKeyType === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: details?.namedCurve ?? 'prime256v1' }).privateKey
    : generateKeyPairSync('rsa', { modulusLength: details?.modulusLength ?? 2048 }).privateKey;
}

/** What the card does once secure messaging is up: selects, reads, and proves that it is no clone. */
export class AuthenticatedCommands {
  readonly #persona: TravelPersona;
  readonly #access: readonly DocumentFile[];
  readonly #files: readonly DocumentFile[];
  readonly #chip: ChipAuthentication | undefined;
  readonly #agree: Agree | undefined;
  #clone: KeyObject | undefined;
  #place: 'master' | 'application' = 'master';
  #file: DocumentFile | undefined;

  constructor(persona: TravelPersona, access: DocumentFile | undefined) {
    this.#persona = persona;
    this.#access = access ? [access] : [];
    this.#files = applicationFiles(persona);
    const chip = persona.chipAuthentication;
    this.#chip = chip && new ChipAuthentication(chip.cipher);
    this.#agree = chip && this.#agreement(agreeWith(chip.key));
  }

  /** A new session begins, in the master file after PACE and in the application after BAC. */
  begin(place: 'master' | 'application'): void {
    this.#place = place;
    this.#file = undefined;
    this.#chip?.forget();
  }

  /** `room`: the longest plain answer that fits a short protected one. */
  handle(command: Command, room: number): Renewed {
    const only = (said: Answer): Renewed => ({ answer: said });
    switch (command.ins) {
      case 0xa4:
        return only(this.#select(command));
      case 0xb0:
      case 0xb1:
        return only(this.#read(command, room));
      case 0x88:
        return only(this.#authenticateActively(command));
      case 0x22:
      case 0x86:
        return this.#authenticateChip(command);
      default:
        return only(answer(SW.wrongIns));
    }
  }

  #here(): readonly DocumentFile[] {
    return this.#place === 'application' ? this.#files : this.#access;
  }

  #select({ p1, data }: Command): Answer {
    if (p1 === 0x04) {
      if (!same(data, AID)) return answer(SW.fileNotFound);
      this.#place = 'application';
      this.#file = undefined;
      return answer(SW.ok);
    }
    if (p1 === 0x00 && (data.length === 0 || same(data, MASTER_FILE))) {
      this.#place = 'master';
      this.#file = undefined;
      return answer(SW.ok);
    }
    if ((p1 !== 0x00 && p1 !== 0x02) || data.length !== 2) return answer(SW.wrongParameters);
    const fid = ((data[0] ?? 0) << 8) | (data[1] ?? 0);
    const found = this.#here().find((file) => file.fid === fid);
    if (!found) return answer(SW.fileNotFound);
    this.#file = found;
    return answer(SW.ok);
  }

  #read(command: Command, room: number): Answer {
    const reading = readingOf(command);
    if (!reading) return answer(SW.wrongData);
    const { sfi, fid, offset } = reading;
    if (sfi !== undefined || fid !== undefined) {
      const found = this.#here().find((file) => file.sfi === sfi || file.fid === fid);
      if (!found) return answer(SW.fileNotFound);
      this.#file = found;
    }
    if (!this.#file) return answer(SW.noCurrentFile);
    return cut(this.#file.bytes(), offset, command, command.extended ? 0xff00 : room);
  }

  #authenticateActively({ data }: Command): Answer {
    const key = this.#persona.activeAuthentication;
    if (this.#place !== 'application' || !key) return answer(SW.wrongIns);
    if (data.length !== 8) return answer(SW.wrongLength);
    if (this.#persona.trouble().clone) this.#clone ??= otherKey(key);
    const signing = this.#persona.trouble().clone ? (this.#clone ?? key) : key;
    return answer(SW.ok, signChallenge(signing, data, 'sha256', this.#persona.random));
  }

  /** A clone knows the public key, but comes to another secret. */
  #agreement(agree: Agree): Agree {
    return (point) => {
      const secret = agree(point);
      return secret && this.#persona.trouble().clone ? this.#persona.random(secret.length) : secret;
    };
  }

  #authenticateChip(command: Command): Renewed {
    const refused = { answer: answer(command.ins === 0x22 ? SW.wrongData : SW.conditions) };
    if (!this.#chip || !this.#agree || this.#place !== 'application') return refused;
    if (command.ins === 0x86) return this.#chip.authenticate(command, this.#agree);
    const what = (command.p1 << 8) | command.p2;
    if (what === 0x41a6) return this.#chip.setKeyAgreement(command, this.#agree);
    return what === 0x41a4 ? { answer: this.#chip.choose(command) } : refused;
  }
}
