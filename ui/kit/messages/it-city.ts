/** The words about the municipality’s notice and the opening hours, Italian. */
export const itCity = {
  'news.read': 'Leggi',
  'news.lead': 'Un avviso del Comune',
  'closed.hours-title': 'Adesso qui è chiuso',
  'closed.opens-today': 'Apriamo oggi alle {hour}.',
  'closed.opens-tomorrow': 'Apriamo domani alle {hour}.',
  'closed.opens-day': 'Apriamo {day} alle {hour}.',
  'closed.hours-lead': 'Torna negli orari di apertura.',
} as const;
