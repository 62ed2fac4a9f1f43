import type { Intent, PadKey, SecretKey, Snapshot } from '@jolly/contracts/terminal-channel';

/** Keys that mean the same on every screen, whatever covers it. */
const EVERYWHERE: Readonly<Record<string, Intent>> = {
  F1: { type: 'help' },
  '+': { type: 'volume', step: 'up' },
  '-': { type: 'volume', step: 'down' },
  AudioVolumeUp: { type: 'volume', step: 'up' },
  AudioVolumeDown: { type: 'volume', step: 'down' },
};

/** Keys of the tactile keypad as keys of a keyboard: both have one meaning, given here and nowhere else. */
export const KEY_OF_PAD: Readonly<Record<PadKey, string>> = {
  up: 'ArrowUp',
  down: 'ArrowDown',
  left: 'ArrowLeft',
  right: 'ArrowRight',
  ok: 'Enter',
  back: 'Escape',
  // names of keys that write nothing, on a page where letters are written too
  repeat: 'Again',
  help: 'F1',
  'volume-up': 'AudioVolumeUp',
  'volume-down': 'AudioVolumeDown',
  clear: 'Delete',
  ...({ 0: '0', 1: '1', 2: '2', 3: '3', 4: '4', 5: '5', 6: '6', 7: '7', 8: '8', 9: '9' } as const),
};

/**
 * What a key means on the present screen beyond Tab and Enter on a button: Escape goes back (or answers what is open),
 * and the digits of a keyboard or keypad write where the pad writes. What is written on a question of a form is heard by
 * the on-screen keyboard itself. Undefined: leave the key to the browser.
 */
export function intentOfKey(key: string, snapshot: Snapshot, onButton: boolean): Intent | undefined {
  const everywhere = EVERYWHERE[key];
  if (everywhere) return everywhere;
  if (key === 'Escape') {
    if (snapshot.idle) return { type: 'still-here' };
    if (snapshot.languageSheet) return { type: 'close-languages' };
    if (snapshot.aidsSheet) return { type: 'close-aids' };
    return snapshot.session?.canGoBack ? { type: 'back' } : undefined;
  }
  const { screen } = snapshot;
  const covered =
    snapshot.covered || snapshot.idle !== undefined || snapshot.languageSheet || snapshot.aidsSheet;
  if (screen.name !== 'pay-type' || covered) return undefined;
  if (/^\d$/.test(key)) return { type: 'digit', digit: key };
  if (key === 'Backspace') return { type: 'erase' };
  if (key === 'Delete') return { type: 'clear-field' };
  if (key === 'Enter' && !onButton && screen.canContinue) return { type: 'submit-notice' };
  return undefined;
}

/**
 * What a key means where a PIN or a CAN is asked: a path of its own, so that no digit ever becomes an intent. Enter on a
 * button stays the button's; a held key writes once.
 */
export function secretOfKey(
  { key, repeat }: Pick<KeyboardEvent, 'key' | 'repeat'>,
  { screen, idle, languageSheet, aidsSheet, covered }: Snapshot,
  onButton: boolean,
): SecretKey | undefined {
  if (screen.name !== 'login-secret' || idle || languageSheet || aidsSheet || covered || repeat)
    return undefined;
  const { field } = screen;
  if (/^\d$/.test(key)) return { type: 'secret', field, key };
  if (key === 'Backspace') return { type: 'secret', field, key: 'erase' };
  if (key === 'Delete') return { type: 'secret', field, key: 'clear' };
  if (key === 'Enter' && !onButton && screen.canSubmit) return { type: 'secret', field, key: 'enter' };
  return undefined;
}
