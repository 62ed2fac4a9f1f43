import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Romanian. */
export const roCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Citește',
  'news.lead': 'Un anunț al primăriei',
  'closed.hours-title': 'Acum aici este închis',
  'closed.opens-today': 'Deschidem astăzi la {hour}.',
  'closed.opens-tomorrow': 'Deschidem mâine la {hour}.',
  'closed.opens-day': 'Deschidem {day} la {hour}.',
  'closed.hours-lead': 'Revino în orele de program.',
};
