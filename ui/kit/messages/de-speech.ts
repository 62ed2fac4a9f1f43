import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, German. */
export const deSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Vorlesen ist an. Tab und Pfeile bewegen, Enter wählt, Escape geht zurück, R wiederholt die Seite.',
  'speech.repeat': 'Wiederholen',
  'speech.can': 'Sie können wählen: {choices}.',
  'speech.now-can': 'Jetzt können Sie wählen: {choices}.',
  'speech.on': 'an',
  'speech.off': 'aus',
  'speech.not-now': 'geht im Moment nicht',
  'speech.signed-in': 'Sie sind angemeldet',
  'speech.amount': 'der Betrag am Bildschirm',
  'speech.key': 'Taste',
  'speech.pad':
    'Leichter geht es mit fühlbaren Tasten, falls es sie gibt. Mit den Pfeilen zählen Sie die Tasten: eins bis neun, Alles löschen, null, Letzte löschen. Die Ziffern spreche ich nicht laut aus.',
};
