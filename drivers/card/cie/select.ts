import { type CardChannel, SW, selectFirst } from '../apdu/index.ts';
import { cardError } from '../errors.ts';

const IAS_ROOT = Uint8Array.of(0xa0, 0, 0, 0, 0x30, 0x80, 0, 0, 0, 0x09, 0x81, 0x60, 0x01);
const CIE_APPLICATION = Uint8Array.of(0xa0, 0, 0, 0, 0, 0x39);

/** Ways to the root, in the order they are tried: by AID (every mobile client), then the two of the chips that want the MF. */
const ROOTS = [
  { p1: 0x04, p2: 0x0c, data: IAS_ROOT },
  { p1: 0x00, p2: 0x00 },
  { p1: 0x00, p2: 0x0c, data: Uint8Array.of(0x3f, 0x00) },
] as const;

/**
 * Selects root and CIE application (cie-card.md 2); the ATR is not asked, since it may tell nothing. `atRoot` runs between the two.
 * Throws CARD_UNKNOWN when no way leads there: not a CIE.
 */
export async function selectCie(channel: CardChannel, atRoot?: () => Promise<void>): Promise<void> {
  for (const root of ROOTS) {
    const there = await selectFirst(channel, { cla: 0, ins: 0xa4, ...root });
    if (there.sw !== SW.ok) continue;
    await atRoot?.();
    const selected = await channel.send({ cla: 0, ins: 0xa4, p1: 0x04, p2: 0x0c, data: CIE_APPLICATION });
    if (selected.sw === SW.ok) return;
  }
  throw cardError('CARD_UNKNOWN');
}
