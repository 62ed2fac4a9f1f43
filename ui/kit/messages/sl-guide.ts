import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out. Slovenian. */
export const slGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {spodaj} beside {v višini zaslona,} other {zgoraj}} {side, select, left {levo} right {desno} other {na sredini}}',
  'guide.barcode': 'Čitalnik kod je {place}. Približajte list s kodo: zvok pove, da je prebrana.',
  'guide.pos':
    'Čitalnik kartic je {place}. Približajte kartico njegovim tipkam ali jo vstavite v režo na spodnjem robu.',
  'guide.pos-pin':
    'Če zahteva kodo PIN, so reliefne tipke na čitalniku kartic: na tipki 5 je pika, zelena spodaj desno potrdi.',
  'guide.card': 'Čitalnik za vašo izkaznico je {place}.',
  'guide.printer': 'Potrdilo pride ven {place}.',
  'covered.title': 'Slušalke niso priključene',
  'covered.lead': 'Imena in zneski so zakriti. Znova priključite slušalke ali izberite, kako naprej.',
  'covered.go-on': 'Nadaljujte brez slušalk',
  'covered.leave': 'Odidite in izbrišite vse',
};
