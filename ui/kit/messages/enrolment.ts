/** The page of a terminal that nobody has taken in yet. It is for staff and no citizen meets it: Italian and English, in every catalogue. */
export const enrolmentIt = {
  'enrol.title': 'Questo sportello attende di essere attivato',
  'enrol.lead': 'Per il personale: apri la console con questo codice e confronta l’impronta.',
  'enrol.code': 'Codice',
  'enrol.fingerprint': 'Impronta della chiave',
  'enrol.qr': 'Codice QR della pagina della console per questo sportello',
  'enrol.also': 'This terminal waits to be taken in. Staff: open the console with this code.',
  'enrol.asking': 'Sto cercando il server. Se dura, controlla la rete e l’indirizzo del server.',
  'enrol.asking-also': 'Looking for the server. If this lasts, check the network and the server’s address.',
  'enrol.refused': 'La richiesta è stata rifiutata. Tra un’ora esce un nuovo codice.',
  'enrol.refused-also': 'The request was refused. A new code comes within an hour.',
} as const;

export const enrolmentEn = {
  'enrol.title': 'This terminal waits to be taken in',
  'enrol.lead': 'For staff: open the console with this code and compare the fingerprint.',
  'enrol.code': 'Code',
  'enrol.fingerprint': 'Fingerprint of the key',
  'enrol.qr': 'QR code of the console’s page for this terminal',
  'enrol.also': 'Questo sportello attende di essere attivato. Personale: apri la console con questo codice.',
  'enrol.asking': 'Looking for the server. If this lasts, check the network and the server’s address.',
  'enrol.asking-also': 'Sto cercando il server. Se dura, controlla la rete e l’indirizzo del server.',
  'enrol.refused': 'The request was refused. A new code comes within an hour.',
  'enrol.refused-also': 'La richiesta è stata rifiutata. Tra un’ora esce un nuovo codice.',
} as const;
