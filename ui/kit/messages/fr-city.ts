import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. French. */
export const frCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Lire',
  'news.lead': 'Un avis de la commune',
  'closed.hours-title': 'C’est fermé en ce moment',
  'closed.opens-today': 'Nous ouvrons aujourd’hui à {hour}.',
  'closed.opens-tomorrow': 'Nous ouvrons demain à {hour}.',
  'closed.opens-day': 'Nous ouvrons {day} à {hour}.',
  'closed.hours-lead': 'Revenez aux heures d’ouverture.',
};
