import { wipe } from '@jolly/contracts/values';
import { refused, SW, type Transmitter } from '../apdu/index.ts';
import { cardError } from '../errors.ts';
import { checkedSod, mustMatch, readAntiCloneKey, readNis, readSodFile } from './public-files.ts';
import { readRsaKey, signedByType1 } from './rsa.ts';
import { type CieSession, openCie } from './session.ts';
import { type CieFiles, type CieOptions, systemFill } from './settings.ts';

/** Algorithm 02 (PKCS#1 v1.5 by the card) with key 83. */
const ANTI_CLONE_ENVIRONMENT = Uint8Array.of(0x80, 0x01, 0x02, 0x84, 0x01, 0x83);

/** Application, NIS, key, proof, SOD: each about a fifth of the commands of a look. */
const LOOK_STEPS = 5;

/**
 * Which card it is, proved: NIS and anti-clone key are those of its SOD, the SOD is the State's, and the chip holds the private key
 * (cie-card.md 3). No PIN, nothing personal, no secure messaging. Throws CARD_UNKNOWN for a card that is no CIE, CARD_NOT_GENUINE for a
 * copy.
 */
export async function lookAtCie(card: Transmitter, options: CieOptions): Promise<CieFiles> {
  const challenge = new Uint8Array(32);
  (options.fill ?? systemFill)(challenge);
  let done = 0;
  const { files } = await proveCie(card, options, challenge, () => {
    done += 1;
    options.onStep?.('look', done, LOOK_STEPS);
  });
  return files;
}

/** As `lookAtCie`, the card answering a challenge that is not ours (the server's nonce). */
export async function proveCie(
  card: Transmitter,
  options: CieOptions,
  challenge: Uint8Array,
  passed: () => void = () => undefined,
): Promise<{ readonly session: CieSession; readonly files: CieFiles; readonly answer: Uint8Array }> {
  const session = await openCie(card, options);
  passed();
  const nis = await readNis(session);
  options.confirm?.(nis);
  passed();
  // Files of an earlier look serve only if it is the card of that look: its NIS says so, its key proves it below.
  const known = options.known && sameBytes(options.known.nis, nis) ? options.known : undefined;
  // Copies: what is kept of a card is wiped when it moves, what is given out is its owner's.
  const antiCloneKey = Uint8Array.from(known?.antiCloneKey ?? (await readAntiCloneKey(session)));
  passed();
  const answer = await answerChallenge(session, challenge);
  passed();
  if (!signedByType1(readRsaKey(antiCloneKey, 'anti-clone-key'), answer, challenge)) {
    throw cardError('CARD_NOT_GENUINE', { proof: 'anti-clone' });
  }
  const sodFile = Uint8Array.from(known?.sod ?? (await readSodFile(session)));
  passed();
  const sod = checkedSod(sodFile, options);
  mustMatch(sod, 'nis', nis);
  mustMatch(sod, 'antiCloneKey', antiCloneKey);
  return { session, files: { extended: session.extended, nis, antiCloneKey, sod: sodFile }, answer };
}

/** 8…32 bytes, signed as they are by key 83. */
async function answerChallenge({ plain }: CieSession, challenge: Uint8Array): Promise<Uint8Array> {
  const environment = await plain.send({
    cla: 0,
    ins: 0x22,
    p1: 0x41,
    p2: 0xa4,
    data: ANTI_CLONE_ENVIRONMENT,
  });
  if (environment.sw !== SW.ok) throw refused('anti-clone-environment', environment.sw);
  const answer = await plain.send({ cla: 0, ins: 0x88, p1: 0, p2: 0, data: challenge, le: 0x100 });
  if (answer.sw !== SW.ok) throw refused('anti-clone', answer.sw);
  return answer.data;
}

const sameBytes = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right) === 0;

/** Forgets what was kept of a card. */
export function wipeFiles(files: CieFiles | undefined): void {
  wipe(files?.nis, files?.antiCloneKey, files?.sod);
}
