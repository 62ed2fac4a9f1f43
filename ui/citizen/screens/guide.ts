import type { Snapshot } from '@jolly/contracts/terminal-channel';
import type { Words } from '@jolly/ui-kit/messages';

type Hint = Snapshot['place']['hints']['pos'];

/** Nearer to straight down than this, degrees, is below; the same beyond the horizontal is beside. */
const BESIDE_FROM = 68;
const ABOVE_FROM = 112;

/** Where a device stands, in words, from the side and the angle of the arrow that points to it. */
export function placeInWords({ side, angle }: Hint, t: Words['t']): string {
  const turned = Math.abs(((angle + 540) % 360) - 180);
  const height = turned < BESIDE_FROM ? 'below' : turned < ABOVE_FROM ? 'beside' : 'above';
  return t('guide.place', { height, side });
}

/** What the hands must find now, for those who do not see the arrow; undefined where nothing but the keys is needed. */
export function guideOf({ screen, place }: Snapshot, t: Words['t']): string | undefined {
  const { hints } = place;
  switch (screen.name) {
    case 'pay-scan':
      return t('guide.barcode', { place: placeInWords(hints.barcode, t) });
    case 'pay-card':
      if (screen.progress.step === 'waiting-card')
        return t('guide.pos', { place: placeInWords(hints.pos, t) });
      return screen.progress.step === 'authorising' ? t('guide.pos-pin') : undefined;
    case 'pay-done':
    case 'pay-summary':
    case 'problem':
      return screen.paper === 'printing' || screen.paper === 'printed'
        ? t('guide.printer', { place: placeInWords(hints.printer, t) })
        : undefined;
    case 'login-card':
      return screen.stage === 'waiting' ? t('guide.card', { place: placeInWords(hints.card, t) }) : undefined;
    default:
      return undefined;
  }
}
