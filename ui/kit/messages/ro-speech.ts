import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Romanian. */
export const roSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Ascultarea este pornită. Cu Tab și săgețile vă deplasați, Enter alege, Esc duce înapoi, R repetă pagina.',
  'speech.repeat': 'Repetați',
  'speech.can': 'Puteți alege: {choices}.',
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
