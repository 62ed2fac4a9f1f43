/** The words of the voice that are on no page, Italian. */
export const itSpeech = {
  'speech.welcome':
    'Ascolto acceso. Tab e frecce spostano, Invio sceglie, Esc torna indietro, R ripete la pagina.',
  'speech.welcome-pad':
    'Ascolto acceso. Le frecce spostano, il tasto al centro sceglie. Indietro, Ripeti, Aiuto e volume sono tasti a parte.',
  'speech.hint': 'Con le frecce ti sposti, con Invio scegli. R ripete la pagina.',
  'speech.hint-pad':
    'Con le frecce ti sposti, al centro scegli. Ripeti rilegge la pagina. Tieni premuto Aiuto per chiamare una persona.',
  'speech.position': '{at} di {of}',
  'speech.volume': 'Volume {step} di 10',
  'speech.speed': 'Adesso parlo così',
  'speech.repeat': 'Ripeti',
  'speech.can': '{count, plural, one {Hai una scelta} other {Hai # scelte}}: {choices}.',
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
