/** The words about the cabinet (power, door), Italian. */
export const itCabinet = {
  'problem.power-failing': 'L’energia elettrica sta mancando',
  'problem.power-failing-lead': 'Finisco quello che è aperto e non inizio altro. Torna quando c’è luce.',
  'problem.door-open': 'Il terminale è aperto per un controllo',
  'problem.door-open-lead': 'Finché è aperto qui non si paga. Riprova tra qualche minuto.',
} as const;
