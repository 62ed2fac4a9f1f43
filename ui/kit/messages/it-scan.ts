/** Words about reading codes: the camera, and a reader that types. */
export const itScan = {
  'scan.camera-lead': 'Metti il codice davanti alla telecamera, a una spanna. Lo leggo da solo.',
  'scan.camera-picture': 'Quello che vede la telecamera',
  'scan.camera-how':
    'La telecamera è accesa solo in questa pagina. Le immagini non restano da nessuna parte.',
  'scan.refused-keyboard': 'Questo lettore non è ancora regolato. Scrivi il numero dell’avviso.',
} as const;
