import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Spanish. */
export const esCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Leer',
  'news.lead': 'Un aviso del ayuntamiento',
  'closed.hours-title': 'Ahora aquí está cerrado',
  'closed.opens-today': 'Abrimos hoy a las {hour}.',
  'closed.opens-tomorrow': 'Abrimos mañana a las {hour}.',
  'closed.opens-day': 'Abrimos el {day} a las {hour}.',
  'closed.hours-lead': 'Vuelve en el horario de apertura.',
};
