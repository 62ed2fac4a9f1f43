import { words } from './parts.ts';

/** Words of the session's chart about the headset. */

/**
 * In: listening begins, whatever the page, and nothing is covered any more. Out: listening that began with it ends, and what is
 * private is covered from then on, if a session is under way.
 */
export const takeHeadset = words.assign(({ context, event }) => {
  if (event.type !== 'headset') return {};
  const { preferences, jackListens, unplugged } = context;
  const { plugged } = event;
  if (plugged) {
    return {
      headset: true,
      unplugged: false,
      jackListens: jackListens || !preferences.listen,
      preferences: { ...preferences, listen: true },
    };
  }
  return {
    headset: false,
    unplugged: unplugged || event.used,
    jackListens: false,
    preferences: { ...preferences, listen: preferences.listen && !jackListens },
  };
});

/** Who switches listening by hand keeps it as it is when the plug comes out. */
export const listenByHand = words.assign({ jackListens: false });

export const uncover = words.assign({ unplugged: false });
