import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, French. */
export const frSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'Lecture à voix haute activée. Tab et les flèches déplacent, Entrée choisit, Échap revient en arrière, R répète la page.',
  'speech.welcome-pad':
    'Lecture à voix haute activée. Les flèches déplacent, la touche du milieu choisit. Retour, Répéter, Aide et volume ont leurs propres touches.',
  'speech.hint': 'Déplacez-vous avec les flèches, choisissez avec Entrée. R répète la page.',
  'speech.hint-pad':
    'Déplacez-vous avec les flèches, choisissez au milieu. Répéter relit la page. Maintenez Aide pour appeler quelqu’un.',
  'speech.position': '{at} sur {of}',
  'speech.volume': 'Volume {step} sur 10',
  'speech.speed': 'Maintenant, je parle ainsi',
  'speech.repeat': 'Répéter',
  'speech.can': '{count, plural, one {Vous avez # choix} other {Vous avez # choix}} : {choices}.',
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
