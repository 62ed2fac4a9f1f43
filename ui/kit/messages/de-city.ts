import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. German. */
export const deCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Lesen',
  'news.lead': 'Eine Mitteilung der Gemeinde',
  'closed.hours-title': 'Hier ist jetzt geschlossen',
  'closed.opens-today': 'Wir öffnen heute um {hour} Uhr.',
  'closed.opens-tomorrow': 'Wir öffnen morgen um {hour} Uhr.',
  'closed.opens-day': 'Wir öffnen am {day} um {hour} Uhr.',
  'closed.hours-lead': 'Kommen Sie zu den Öffnungszeiten wieder.',
};
