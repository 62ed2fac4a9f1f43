/** Words of the aids: the sheet that holds them all, the preferences as a code, the keyboard, the call for a person. */
export const itAids = {
  'aid.more': 'Altro',
  'aid.more-what': 'colori, mano, tempo, voce, tastiera',
  'language.others': 'Altre {count, number}',

  // the sheet
  'aids.title': 'Come ti trovi meglio?',
  'aids.lead': 'Vale finché resti qui. Poi torno come prima.',
  'aids.theme': 'Colori',
  'aids.theme-standard': 'Di sempre',
  'aids.theme-contrast': 'Chiaro su nero',
  'aids.theme-contrast-light': 'Nero su bianco',
  'aids.theme-dark': 'Scuri, riposanti',
  'aids.hand': 'Mano che usi',
  'aids.hand-left': 'Sinistra',
  'aids.hand-right': 'Destra',
  'aids.speed': 'Velocità della voce',
  'aids.speed-value':
    '{speed, select, 0_75 {lenta} 1 {normale} 1_25 {un po’ veloce} 1_5 {veloce} other {velocissima}}',
  'aids.slower': 'Più lenta',
  'aids.faster': 'Più veloce',
  'aids.volume': 'Volume',
  'aids.volume-up': 'Più forte',
  'aids.volume-down': 'Più piano',
  'aids.volume-now': '{volume, plural, =0 {spento} other {# su 10}}',
  'aids.more-time': 'Più tempo',
  'aids.calm': 'Niente movimento',
  'aids.abc': 'Tastiera A B C',
  'aids.code': 'Tieni queste scelte',
  'aids.close': 'Fatto',

  // the preferences as a code
  'prefs.title': 'Le tue scelte in un codice',
  'prefs.lead': 'Fotografalo. La prossima volta mostralo al lettore: ti ritrovi tutto come adesso.',
  'prefs.qr': 'Codice QR con le tue scelte',
  'prefs.what': 'Dentro ci sono solo queste scelte. Niente nome, niente dati tuoi.',
  'prefs.where': 'Vale su ogni sportello come questo, in tutti i Comuni che lo hanno.',
  'prefs.door': 'Torna dove eri',
  'prefs.taken': 'Fatto: ho ritrovato le tue scelte',
  'prefs.broken': 'Questo codice di scelte è rovinato: non cambio niente',

  // the keyboard
  'keyboard.label': 'Tastiera con le lettere',
  'keyboard.space': 'Spazio',
  'keyboard.shift': 'Lettera maiuscola',
  'keyboard.marks': 'Accenti e segni',
  'keyboard.latin': 'Lettere latine',
  'keyboard.own': 'Lettere della tua lingua',
  'keyboard.show': 'Mostra la tastiera',
  'keyboard.apostrophe': 'Apostrofo',
  'keyboard.hyphen': 'Trattino',
  'keyboard.stop': 'Punto',
  'keyboard.comma': 'Virgola',
  'keyboard.slash': 'Barra',
  'keyboard.at': 'Chiocciola',

  // a person
  'help.call': 'Chiama una persona',
  'help.calling': 'Avviso l’ufficio…',
  'help.told': 'L’ufficio sa che sei qui',
  'help.told-how': 'Resta vicino allo sportello. Intanto puoi continuare.',
  'help.not-reached': 'Non riesco ad avvisare l’ufficio',
  'help.not-reached-how':
    '{phone, select, none {Riprova, o chiedi a chi è qui vicino.} other {Riprova, o telefona al {phone}.}}',
  'help.phone': 'Al telefono',
} as const;
