import { createHash, type KeyObject } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import { readApdu, status, wire } from '../apdu.ts';
import type { Applet, SodHash, SodOptions } from '../applet.ts';
import type { ExternalKey } from '../ca/keys.ts';
import { spoiled } from '../ca/sod.ts';
import { type CardTrouble, contactlessAtr, type EmulatedCard, type OwnPart } from '../card.ts';
import { type Manners, Outbox } from '../outbox.ts';
import { publicKeyFile } from '../rsa.ts';
import { ascii, concat, fromHex, tlv } from '../tlv.ts';
import type { SecretNumber } from '../tries.ts';
import { type CieContents, cieFiles, efAtr } from './files.ts';
import type { DhGroup } from './groups.ts';
import { IasApplication } from './ias.ts';

export interface CieOptions {
  /** 12 digits. */
  readonly nis: string;
  readonly documentNumber: string;
  readonly certificate: Uint8Array;
  readonly keys: { readonly signature: KeyObject; readonly device: KeyObject; readonly antiClone: KeyObject };
  /** What a copy would have in place of all of them. */
  readonly cloneKey: KeyObject;
  /** A certificate over `cloneKey`. */
  readonly cloneCertificate: Uint8Array;
  readonly external: ExternalKey;
  readonly group: DhGroup;
  signSod(files: ReadonlyMap<number, Uint8Array>, hash: SodHash, options?: SodOptions): Uint8Array;
  readonly sod: { readonly hash: SodHash } & SodOptions;
  /** Historical bytes of the ATR. */
  readonly historical: string;
  readonly parametersAtOnce: boolean;
  readonly manners: Manners;
  readonly extended: boolean;
  /** The DER files are filled up with zeros to a multiple of this; 0 = exactly as long as they are. */
  readonly padTo: number;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  readonly travelDocument: Applet;
  readonly trouble: CardTrouble;
  readonly random: RandomBytes;
}

const positive = (bytes: Uint8Array) =>
  tlv(0x02, (bytes[0] ?? 0) >= 0x80 ? concat(Uint8Array.of(0), bytes) : bytes);

/** What differs on a copy. */
interface Copy {
  readonly contents?: Partial<CieContents>;
  readonly keys?: Readonly<Record<number, KeyObject>>;
}

/** An Italian identity card: the IAS side here, the travel document as an applet that is asked first. */
export class CieCard implements EmulatedCard {
  readonly kind = 'cie';
  readonly atr: Uint8Array;
  readonly pin: SecretNumber;
  readonly puk: SecretNumber;
  readonly trouble: CardTrouble;
  readonly #ias: IasApplication;
  readonly #travel: Applet;
  readonly #outbox: Outbox;
  readonly #extended: boolean;

  constructor(options: CieOptions) {
    const { keys, cloneKey, group, trouble } = options;
    this.atr = contactlessAtr(fromHex(options.historical));
    this.pin = options.pin;
    this.puk = options.puk;
    this.trouble = trouble;
    this.#travel = options.travelDocument;
    this.#outbox = new Outbox(options.manners);
    this.#extended = options.extended;

    // Bytes 5 to 10 in hexadecimal are the NIS (cie-card.md 2); the rest is the maker's.
    const maker = Uint8Array.from(createHash('sha256').update(options.nis).digest());
    const serialNumber = concat(maker.slice(0, 5), fromHex(options.nis), maker.slice(5, 6));
    const contents = {
      atr: efAtr(options.extended),
      serialNumber,
      dh: tlv(0x30, positive(group.p), positive(group.q), positive(group.g)),
      nis: ascii(options.nis),
      documentNumber: ascii(options.documentNumber),
      certificate: options.certificate,
      deviceKey: publicKeyFile(keys.device),
      antiCloneKey: publicKeyFile(keys.antiClone),
    };
    const sod = options.signSod(
      new Map([
        [0xa5, contents.antiCloneKey],
        [0x1b, contents.dh],
        [0xa4, contents.deviceKey],
        [0xa3, contents.certificate],
        [0xa2, contents.documentNumber],
        [0xa1, contents.nis],
      ]),
      options.sod.hash,
      options.sod,
    );
    const files = cieFiles({ ...contents, sod }, options.padTo);
    const badFiles = cieFiles({ ...contents, sod: spoiled(sod) }, options.padTo);
    const genuine = { 129: keys.signature, 130: keys.device, 131: keys.antiClone };
    const copied = { 129: cloneKey, 130: cloneKey, 131: cloneKey };
    const ownKey = publicKeyFile(cloneKey);
    const own: Readonly<Record<OwnPart, Copy>> = {
      nis: { contents: { nis: ascii('608000009999') } },
      'document-number': { contents: { documentNumber: ascii('CA99999ZZ') } },
      certificate: { contents: { certificate: options.cloneCertificate }, keys: { 129: cloneKey } },
      'device-key': { contents: { deviceKey: ownKey }, keys: { 130: cloneKey } },
      'anti-clone-key': { contents: { antiCloneKey: ownKey }, keys: { 131: cloneKey } },
      'signature-key': { keys: { 129: cloneKey } },
      'old-device-proof': {},
    };
    const copy = () => (trouble.own === undefined ? undefined : own[trouble.own]);
    const filesOf = (changed: Copy['contents']) =>
      changed ? cieFiles({ ...contents, sod, ...changed }, options.padTo) : files;
    this.#ias = new IasApplication({
      files: () => (trouble.badSod ? badFiles : filesOf(copy()?.contents)),
      keys: () => (trouble.clone ? copied : { ...genuine, ...copy()?.keys }),
      oldProof: () => trouble.own === 'old-device-proof',
      external: options.external,
      group,
      serial: serialNumber.slice(4),
      pin: options.pin,
      puk: options.puk,
      parametersAtOnce: options.parametersAtOnce,
      random: options.random,
    });
  }

  power(): void {
    this.#outbox.clear();
    this.#ias.reset();
    this.#travel.reset();
  }

  answer(raw: Uint8Array): Uint8Array {
    const command = readApdu(raw);
    if (!command) {
      this.#outbox.clear();
      return wire(status(0x6700));
    }
    if (command.ins === 0xc0 && command.cla === 0 && this.#outbox.waiting)
      return wire(this.#outbox.more(command));
    this.#outbox.clear();
    if (command.extended && !this.#extended) return wire(status(0x6700));
    const travelled = this.#travel.handle(raw);
    if (!travelled) return wire(this.#outbox.give(command, this.#ias.handle(command)));
    this.#ias.leave(command.ins === 0xa4 && command.p1 === 0x04);
    const sw = (travelled.at(-2) ?? 0) * 256 + (travelled.at(-1) ?? 0);
    return wire(this.#outbox.give(command, { data: travelled.slice(0, -2), sw }));
  }
}
