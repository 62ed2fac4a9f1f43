/** Where to reach, in words, for those who do not see the arrow; and what covers the page when the headset is pulled out. Italian. */
export const itGuide = {
  'guide.place':
    '{height, select, below {in basso} beside {all’altezza dello schermo} other {in alto}} {side, select, left {a sinistra} right {a destra} other {al centro}}',
  'guide.barcode':
    'Il lettore dei codici è {place}. Avvicina il foglio con il codice: un suono dice che è letto.',
  'guide.pos':
    'Il POS è {place}. Avvicina la carta ai suoi tasti, o inseriscila nella fessura sul bordo basso.',
  'guide.pos-pin':
    'Se chiede il PIN, i tasti in rilievo sono sul POS: il 5 ha un punto, il verde in basso a destra conferma.',
  'guide.card': 'Il lettore della tua carta è {place}.',
  'guide.printer': 'Lo scontrino esce {place}.',
  'covered.title': 'La cuffia non è inserita',
  'covered.lead': 'Ho coperto nomi e importi. Inserisci di nuovo la cuffia, o scegli come andare avanti.',
  'covered.go-on': 'Continua senza cuffia',
  'covered.leave': 'Esci e cancella tutto',
} as const;
