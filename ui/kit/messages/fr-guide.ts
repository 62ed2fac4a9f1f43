import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. French. */
export const frGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {en bas} beside {à hauteur de l’écran} other {en haut}} {side, select, left {à gauche} right {à droite} other {au centre}}',
  'guide.barcode':
    'Le lecteur de codes est {place}. Approchez la feuille avec le code : un son dit qu’il est lu.',
  'guide.pos':
    'Le lecteur de cartes est {place}. Approchez la carte de ses touches, ou insérez-la dans la fente du bord inférieur.',
  'guide.pos-pin':
    'S’il demande le code PIN, les touches en relief sont sur le lecteur de cartes : le 5 a un point, la verte en bas à droite confirme.',
  'guide.card': 'Le lecteur pour votre carte est {place}.',
  'guide.printer': 'Le reçu sort {place}.',
  'covered.title': 'Le casque n’est pas branché',
  'covered.lead':
    'J’ai masqué les noms et les montants. Rebranchez le casque, ou choisissez comment continuer.',
  'covered.go-on': 'Continuer sans casque',
  'covered.leave': 'Quitter et tout effacer',
};
