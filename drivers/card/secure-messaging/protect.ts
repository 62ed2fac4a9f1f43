import { isJollyError, wipe } from '@jolly/contracts/values';
import {
  type Answer,
  type Command,
  readTlv,
  SHORT_ANSWER,
  statusText,
  type Tlv,
  writeTlv,
} from '../apdu/index.ts';
import { equalBytes, join, pad, unpad } from '../crypto/index.ts';
import { cardError } from '../errors.ts';
import { type SessionKeys, suiteOf } from './suite.ts';

const ENCRYPTED = 0x87;
/** The same without padding indicator, for odd INS. */
const ENCRYPTED_ODD = 0x85;
const WANTED = 0x97;
const STATUS = 0x99;
const MAC = 0x8e;

/** Why an answer cannot be trusted, as `detail.why` of CARD_CHANNEL_BROKEN. */
export type BrokenReason =
  | 'unprotected'
  | 'mac-missing'
  | 'mac-wrong'
  | 'status-missing'
  | 'malformed'
  | 'order'
  | 'padding'
  | 'counter-used-up'
  | 'used-after-end';

export const broken = (why: BrokenReason, sw?: number) =>
  cardError('CARD_CHANNEL_BROKEN', { why, ...(sw === undefined ? {} : { sw: statusText(sw) }) });

/**
 * A command under secure messaging (cie-card.md 4.3, 7.2), `keys.ssc` being the counter of this command. Pure; the data given is left as
 * it is, the copy made of it is wiped. `extended`: the answer may be longer than 256 bytes.
 */
export function protect(keys: SessionKeys, command: Command, extended = false): Command {
  const suite = suiteOf(keys.cipher);
  const { ins, p1, p2, data, le } = command;
  const cla = command.cla | 0x0c;
  const objects: Uint8Array[] = [];
  if (data && data.length > 0) {
    const padded = pad(data, suite.block);
    try {
      const cipher = suite.encrypt(keys, padded);
      objects.push(
        ins % 2 === 1 ? writeTlv(ENCRYPTED_ODD, cipher) : writeTlv(ENCRYPTED, Uint8Array.of(0x01), cipher),
      );
    } finally {
      wipe(padded);
    }
  }
  if (le !== undefined) {
    objects.push(
      writeTlv(
        WANTED,
        le > SHORT_ANSWER ? Uint8Array.of((le >> 8) & 0xff, le & 0xff) : Uint8Array.of(le & 0xff),
      ),
    );
  }
  const header = pad(Uint8Array.of(cla, ins, p1, p2), suite.block);
  // The header is padded by itself: with a counter of 8 bytes that is the same as padding both.
  const mac = suite.mac(keys, pad(join(keys.ssc, header, ...objects), suite.block));
  const wanted = extended || (le !== undefined && le > SHORT_ANSWER) ? 0x10000 : SHORT_ANSWER;
  return { cla, ins, p1, p2, data: join(...objects, writeTlv(MAC, mac)), le: wanted };
}

/**
 * The plain answer of a protected one, `keys.ssc` being the counter of this answer. The MAC is checked before anything is decrypted. Throws
 * CARD_CHANNEL_BROKEN for anything but [87|85] 99 8E with a right MAC. The data is a buffer the caller wipes.
 */
export function unprotect(keys: SessionKeys, answer: Answer): Answer {
  const suite = suiteOf(keys.cipher);
  // 6882, 6987, 6988 and whatever else comes without objects: the card has left the channel.
  if (answer.data.length === 0) throw broken('unprotected', answer.sw);
  const objects = objectsOf(answer);
  const mac = objects.pop();
  if (mac?.tag !== MAC || mac.value.length !== 8) throw broken('mac-missing', answer.sw);
  const covered = answer.data.subarray(0, answer.data.length - mac.whole.length);
  if (!equalBytes(suite.mac(keys, pad(join(keys.ssc, covered), suite.block)), mac.value)) {
    throw broken('mac-wrong');
  }
  const status = objects.pop();
  if (status?.tag !== STATUS || status.value.length !== 2) throw broken('status-missing');
  const sw = ((status.value[0] ?? 0) << 8) | (status.value[1] ?? 0);
  // The outer word is not covered by the MAC: it is 9000 or the inner one again.
  if (answer.sw !== 0x9000 && answer.sw !== sw) throw broken('unprotected', answer.sw);
  const encrypted = objects.pop();
  if (objects.length > 0) throw broken('order');
  if (!encrypted) return { data: new Uint8Array(0), sw };
  let cipher = encrypted.value;
  if (encrypted.tag === ENCRYPTED && cipher[0] === 0x01) cipher = cipher.subarray(1);
  else if (encrypted.tag !== ENCRYPTED_ODD) throw broken('order');
  if (cipher.length === 0 || cipher.length % suite.block !== 0) throw broken('padding');
  const data = unpad(suite.decrypt(keys, cipher));
  if (!data) throw broken('padding');
  return { data, sw };
}

function objectsOf(answer: Answer): Tlv[] {
  try {
    return [...readTlv(answer.data, 'secure-messaging')];
  } catch (cause) {
    if (!isJollyError(cause)) throw cause;
    throw broken('malformed', answer.sw);
  }
}
