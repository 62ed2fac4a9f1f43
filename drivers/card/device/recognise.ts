import { isJollyError, wipe } from '@jolly/contracts/values';
import { exchange } from '../apdu/index.ts';
import { type CieFiles, type CieOptions, lookAtCie } from '../cie/index.ts';
import { isCnsAtr, lookAtCns } from '../cns/index.ts';
import type { CardKind } from '../port.ts';
import type { CardInHand } from '../reader/index.ts';

/** What a look found. `serial` (NIS or card id) tells this card from every other: it leaves the driver only hashed. */
export interface Recognised {
  readonly kind: CardKind;
  readonly serial: Uint8Array;
  /** Public files of a CIE. */
  readonly files: CieFiles | undefined;
}

/**
 * Which card it is, by what it selects; the ATR only says what to try first (cie-card.md 1). Throws CARD_UNKNOWN for a card that
 * is neither.
 */
export async function recognise(card: CardInHand, options: CieOptions): Promise<Recognised> {
  const asCie = async (): Promise<Recognised> => {
    const files = await lookAtCie(card, options);
    return { kind: 'cie', serial: files.nis, files };
  };
  const asCns = async (): Promise<Recognised> => {
    const { serial } = await lookAtCns(exchange(card));
    try {
      options.confirm?.(serial);
    } catch (error) {
      wipe(serial);
      throw error;
    }
    return { kind: 'cns', serial, files: undefined };
  };
  const [first, second] = card.slot.atr && isCnsAtr(card.slot.atr) ? [asCns, asCie] : [asCie, asCns];
  try {
    return await first();
  } catch (error) {
    if (!isJollyError(error, 'CARD_UNKNOWN')) throw error;
    return second();
  }
}
