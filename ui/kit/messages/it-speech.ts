/** The words of the voice that are on no page, Italian. */
export const itSpeech = {
  'speech.welcome':
    'Ascolto acceso. Tab e frecce spostano, Invio sceglie, Esc torna indietro, R ripete la pagina.',
  'speech.repeat': 'Ripeti',
  'speech.can': 'Puoi scegliere: {choices}.',
  'speech.now-can': 'Adesso puoi scegliere: {choices}.',
  'speech.on': 'attivo',
  'speech.off': 'non attivo',
  'speech.not-now': 'per ora non si può',
  'speech.signed-in': 'Sei entrato',
  'speech.amount': 'l’importo sullo schermo',
  'speech.key': 'tasto',
  'speech.pad':
    'Meglio i tasti in rilievo, se ci sono. Con le frecce conta i tasti: da uno a nove, Cancella tutto, zero, Cancella ultima. Le cifre non le dico ad alta voce.',
} as const;
