import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, English. */
export const enSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Listening is on. Tab and arrows move, Enter chooses, Escape goes back, R repeats the page.',
  'speech.welcome-pad':
    'Listening is on. The arrows move, the key in the middle chooses. Back, Repeat, Help and volume are keys of their own.',
  'speech.hint': 'Move with the arrows, choose with Enter. R repeats the page.',
  'speech.hint-pad':
    'Move with the arrows, choose in the middle. Repeat reads the page again. Hold Help down to call a person.',
  'speech.position': '{at} of {of}',
  'speech.volume': 'Volume {step} of 10',
  'speech.speed': 'I speak like this now',
  'speech.repeat': 'Repeat',
  'speech.can': '{count, plural, one {You have one choice} other {You have # choices}}: {choices}.',
  'speech.now-can': 'Now you can choose: {choices}.',
  'speech.on': 'on',
  'speech.off': 'off',
  'speech.not-now': 'not possible now',
  'speech.signed-in': 'You are signed in',
  'speech.amount': 'the amount on the screen',
  'speech.key': 'key',
  'speech.pad':
    'Raised keys are better, if there are any. With the arrows count the keys: one to nine, Clear all, zero, Erase last. I do not say digits aloud.',
};
