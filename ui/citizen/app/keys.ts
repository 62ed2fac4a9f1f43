import type { Intent, Snapshot } from '@jolly/contracts/terminal-channel';

/**
 * What a key means on the present screen beyond Tab and Enter on a button: Escape goes back (or answers what is open),
 * and the digits of a keyboard or keypad write where the pad writes. Undefined: leave the key to the browser.
 */
export function intentOfKey(key: string, snapshot: Snapshot, onButton: boolean): Intent | undefined {
  if (key === 'Escape') {
    if (snapshot.idle) return { type: 'still-here' };
    if (snapshot.languageSheet) return { type: 'close-languages' };
    return snapshot.session?.canGoBack ? { type: 'back' } : undefined;
  }
  const { screen } = snapshot;
  if (screen.name !== 'pay-type' || snapshot.idle || snapshot.languageSheet) return undefined;
  if (/^\d$/.test(key)) return { type: 'digit', digit: key };
  if (key === 'Backspace') return { type: 'erase' };
  if (key === 'Delete') return { type: 'clear-field' };
  if (key === 'Enter' && !onButton && screen.canContinue) return { type: 'submit-notice' };
  return undefined;
}
