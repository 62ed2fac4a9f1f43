import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Slovenian. */
export const slSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Poslušanje je vklopljeno. S tipko Tab in puščicami se premikate, Enter izbere, Esc vrne nazaj, R ponovi stran.',
  'speech.welcome-pad':
    'Poslušanje je vklopljeno. S puščicami se premikate, tipka na sredini izbere. Nazaj, Ponovite, Pomoč in glasnost so posebne tipke.',
  'speech.hint': 'S puščicami se premikate, s tipko Enter izberete. R ponovi stran.',
  'speech.hint-pad':
    'S puščicami se premikate, na sredini izberete. Tipka Ponovite znova prebere stran. Če želite nekoga poklicati, držite tipko Pomoč.',
  'speech.position': '{at} od {of}',
  'speech.volume': 'Glasnost {step} od 10',
  'speech.speed': 'Zdaj govorim tako',
  'speech.repeat': 'Ponovite',
  'speech.can':
    '{count, plural, one {Imate # možnost} two {Imate # možnosti} few {Imate # možnosti} other {Imate # možnosti}}: {choices}.',
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
