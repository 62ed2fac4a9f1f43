import type { Intent, Screen, Snapshot } from '@jolly/contracts/terminal-channel';
import type { Sign } from '@jolly/ui-kit/sound';

/** Attention is called again after this many seconds of a countdown. */
const AGAIN_EVERY_S = 10;

/** Keys of a pad click; nothing else that is touched does. */
export function soundOfIntent({ type }: Intent): Sign | undefined {
  return type === 'digit' || type === 'erase' || type === 'clear-field' ? 'click' : undefined;
}

const GOOD_NEWS: readonly Screen['name'][] = ['pay-done', 'signed-in', 'pin-done'];
const AFTER_THE_CARD: readonly Screen['name'][] = ['login-secret', 'login-last-try', 'login-working'];

/** What the change from one snapshot to the next sounds like. A page that is reloaded is no change. */
export function soundOfSnapshot(before: Snapshot | undefined, now: Snapshot): Sign | undefined {
  const left = countdownOf(now);
  if (left !== undefined) {
    const last = before && countdownOf(before);
    const begins = last === undefined;
    const passes = last !== undefined && Math.ceil(last / AGAIN_EVERY_S) > Math.ceil(left / AGAIN_EVERY_S);
    return begins || passes ? 'attention' : undefined;
  }
  if (!before || before.screen.name === now.screen.name || before.screen.name === 'help') return undefined;
  if (GOOD_NEWS.includes(now.screen.name)) return 'done';
  const read = before.screen.name === 'login-card' && AFTER_THE_CARD.includes(now.screen.name);
  return read ? 'card-read' : undefined;
}

function countdownOf({ idle, screen }: Snapshot): number | undefined {
  if (idle) return idle.secondsLeft;
  return screen.name === 'card-left' ? screen.secondsLeft : undefined;
}
