import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, French. */
export const frSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Lecture à voix haute activée. Tab et les flèches déplacent, Entrée choisit, Échap revient en arrière, R répète la page.',
  'speech.repeat': 'Répéter',
  'speech.can': 'Vous pouvez choisir : {choices}.',
  'speech.now-can': 'Vous pouvez maintenant choisir : {choices}.',
  'speech.on': 'activé',
  'speech.off': 'désactivé',
  'speech.not-now': 'impossible pour le moment',
  'speech.signed-in': 'Identification réussie',
  'speech.amount': 'le montant affiché à l’écran',
  'speech.key': 'touche',
  'speech.pad':
    'Les touches en relief sont plus pratiques, s’il y en a. Avec les flèches, comptez les touches : de un à neuf, Tout effacer, zéro, Effacer le dernier. Je ne dis pas les chiffres à voix haute.',
};
