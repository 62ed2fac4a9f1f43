import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Slovenian. */
export const slSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Poslušanje je vklopljeno. S tipko Tab in puščicami se premikate, Enter izbere, Esc vrne nazaj, R ponovi stran.',
  'speech.repeat': 'Ponovite',
  'speech.can': 'Izberete lahko: {choices}.',
  'speech.now-can': 'Zdaj lahko izberete: {choices}.',
  'speech.on': 'vklopljeno',
  'speech.off': 'izklopljeno',
  'speech.not-now': 'za zdaj ni mogoče',
  'speech.signed-in': 'Prijavljeni ste',
  'speech.amount': 'znesek na zaslonu',
  'speech.key': 'tipka',
  'speech.pad':
    'Če so na voljo reliefne tipke, raje uporabite te. S puščicami štejte tipke: od ena do devet, Izbrišite vse, nič, Izbrišite zadnjo. Števk ne izgovarjam na glas.',
};
