import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Romanian. */
export const roSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Ascultarea este pornită. Cu Tab și săgețile vă deplasați, Enter alege, Esc duce înapoi, R repetă pagina.',
  'speech.welcome-pad':
    'Ascultarea este pornită. Cu săgețile vă deplasați, tasta din mijloc alege. Înapoi, Repetați, Ajutor și volumul sunt taste separate.',
  'speech.hint': 'Cu săgețile vă deplasați, cu Enter alegeți. R repetă pagina.',
  'speech.hint-pad':
    'Cu săgețile vă deplasați, la mijloc alegeți. Tasta Repetați citește din nou pagina. Țineți apăsată tasta Ajutor ca să chemați pe cineva.',
  'speech.position': '{at} din {of}',
  'speech.volume': 'Volum {step} din 10',
  'speech.speed': 'Acum vorbesc așa',
  'speech.repeat': 'Repetați',
  'speech.can':
    '{count, plural, one {Aveți o opțiune} few {Aveți # opțiuni} other {Aveți # de opțiuni}}: {choices}.',
  'speech.now-can': 'Acum puteți alege: {choices}.',
  'speech.on': 'pornit',
  'speech.off': 'oprit',
  'speech.not-now': 'deocamdată nu se poate',
  'speech.signed-in': 'Ați intrat',
  'speech.amount': 'suma de pe ecran',
  'speech.key': 'tastă',
  'speech.pad':
    'Sunt mai potrivite tastele în relief, dacă există. Cu săgețile numărați tastele: de la unu la nouă, Ștergeți tot, zero, Ștergeți ultima. Cifrele nu le spun cu voce tare.',
};
