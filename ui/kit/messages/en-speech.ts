import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, English. */
export const enSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Listening is on. Tab and arrows move, Enter chooses, Escape goes back, R repeats the page.',
  'speech.repeat': 'Repeat',
  'speech.can': 'You can choose: {choices}.',
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
