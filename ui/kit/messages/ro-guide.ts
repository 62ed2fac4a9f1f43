import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. Romanian. */
export const roGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {jos,} beside {la înălțimea ecranului,} other {sus,}} {side, select, left {în stânga} right {în dreapta} other {la mijloc}}',
  'guide.barcode':
    'Cititorul de coduri este {place}. Apropiați foaia cu codul: un sunet vă spune că a fost citit.',
  'guide.pos':
    'Cititorul de carduri este {place}. Apropiați cardul de tastele lui sau introduceți-l în fanta de pe marginea de jos.',
  'guide.pos-pin':
    'Dacă cere PIN-ul, tastele în relief sunt pe cititorul de carduri: tasta 5 are un punct, cea verde din dreapta jos confirmă.',
  'guide.card': 'Cititorul pentru cardul dumneavoastră este {place}.',
  'guide.printer': 'Chitanța iese {place}.',
  'covered.title': 'Căștile nu sunt conectate',
  'covered.lead': 'Am acoperit numele și sumele. Conectați din nou căștile sau alegeți cum continuați.',
  'covered.go-on': 'Continuați fără căști',
  'covered.leave': 'Ieșiți și ștergeți tot',
};
