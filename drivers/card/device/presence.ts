import type { Presence } from '../port.ts';
import type { Slot } from '../reader/index.ts';

/** What lies on the readers: two cards in two readers are as undecidable as two on one. */
export function presenceOf(slots: readonly Slot[], trouble: string | undefined): Presence {
  if (slots.length === 0) return { state: 'unavailable', reason: trouble ?? 'no-readers' };
  const [first, ...more] = slots.filter(({ state }) => state !== 'empty');
  if (!first) return { state: 'none' };
  if (more.length > 0) return { state: 'several' };
  return first.state === 'mute' ? { state: 'mute' } : { state: 'one', insertion: first.insertion };
}

export function samePresence(left: Presence, right: Presence): boolean {
  if (left.state === 'one' && right.state === 'one') return left.insertion === right.insertion;
  if (left.state === 'unavailable' && right.state === 'unavailable') return left.reason === right.reason;
  return left.state === right.state;
}
