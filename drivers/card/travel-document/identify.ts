import type { LoginContext } from '@jolly/contracts/citizen-login';
import { type SecretDigits, wipe } from '@jolly/contracts/values';
import { exchange, type Transmitter } from '../apdu/index.ts';
import { type CieOptions, countedBy, proveCie } from '../cie/index.ts';
import type { CardProof } from '../port.ts';
import { mustFit } from '../secret-length.ts';
import { readZone } from './reading.ts';
import { withTravelDocument } from './travel-document.ts';

const STEPS = 3;
/** What an extended answer must leave for status word, objects, MAC and padding. */
const PROTECTION = 40;
/** No file read here is longer. */
const MOST_AT_ONCE = 4096;

/**
 * Login without PIN (cie-card.md 3, 7): the chip's anti-clone answer to the server's nonce, then the travel document behind the CAN, whose
 * files only somebody with the card in hand can have read. The clear part comes first: it says whether it is the card that
 * is meant (`options.confirm`), and a plain SELECT leads from there to the document, without a reset. Throws
 * SECRET_MALFORMED before the card sees anything, CAN_WRONG, CARD_NOT_GENUINE, or what else `cardError` has.
 */
export async function identifyByCan(
  card: Transmitter,
  can: SecretDigits,
  context: LoginContext,
  options: CieOptions,
): Promise<Extract<CardProof, { kind: 'cie-card' }>> {
  mustFit('cie-can', can);
  const challenge = Uint8Array.from(Buffer.from(context.nonce, 'base64url'));
  options.onStep?.('look', 0, STEPS);
  const { files, answer } = await proveCie(card, options, challenge);
  options.onStep?.('channel', 1, STEPS);
  const { anchors, at, fill } = options;
  const { extended } = files;
  const settings = {
    anchors,
    at,
    ...(fill && { fill }),
    ...(extended && { longestRead: Math.min(extended.answer - PROTECTION, MOST_AT_ONCE) }),
  };
  const counted = options.trace ? countedBy(options.trace, card) : card;
  const channel = exchange(counted, { extended });
  return withTravelDocument(channel, { kind: 'can', digits: can }, settings, async (document) => {
    options.onStep?.('document', 2, STEPS);
    const dg1 = await readZone(document);
    // Not decoded here: the server reads them, and a decoded name is a string that nobody can wipe.
    let dg11: Uint8Array | undefined;
    try {
      dg11 = await document.read(11);
    } catch (error) {
      wipe(dg1);
      throw error;
    }
    return {
      kind: 'cie-card',
      nis: Buffer.from(files.nis).toString('latin1'),
      antiCloneKey: files.antiCloneKey,
      antiCloneAnswer: answer,
      sod: files.sod,
      dg1,
      dg11,
      documentSod: document.securityObject,
    };
  });
}
