import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, German. */
export const deSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Vorlesen ist an. Tab und Pfeile bewegen, Enter wählt, Escape geht zurück, R wiederholt die Seite.',
  'speech.welcome-pad':
    'Vorlesen ist an. Die Pfeile bewegen, die Taste in der Mitte wählt. Zurück, Wiederholen, Hilfe und Lautstärke haben eigene Tasten.',
  'speech.hint': 'Mit den Pfeilen bewegen Sie sich, mit Enter wählen Sie. R wiederholt die Seite.',
  'speech.hint-pad':
    'Mit den Pfeilen bewegen Sie sich, in der Mitte wählen Sie. Wiederholen liest die Seite noch einmal. Halten Sie Hilfe gedrückt, um eine Person zu rufen.',
  'speech.position': '{at} von {of}',
  'speech.volume': 'Lautstärke {step} von 10',
  'speech.speed': 'So spreche ich jetzt',
  'speech.repeat': 'Wiederholen',
  'speech.can':
    '{count, plural, one {Sie haben eine Möglichkeit} other {Sie haben # Möglichkeiten}}: {choices}.',
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
