import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Albanian. */
export const sqCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Lexo',
  'news.lead': 'Një njoftim i bashkisë',
  'closed.hours-title': 'Tani këtu është mbyllur',
  'closed.opens-today': 'Hapim sot në {hour}.',
  'closed.opens-tomorrow': 'Hapim nesër në {hour}.',
  'closed.opens-day': 'Hapim {day} në {hour}.',
  'closed.hours-lead': 'Kthehu në orarin e hapjes.',
};
