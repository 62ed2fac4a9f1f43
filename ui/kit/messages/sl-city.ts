import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Slovenian. */
export const slCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Preberi',
  'news.lead': 'Obvestilo občine',
  'closed.hours-title': 'Zdaj je tukaj zaprto',
  'closed.opens-today': 'Odpremo danes ob {hour}.',
  'closed.opens-tomorrow': 'Odpremo jutri ob {hour}.',
  'closed.opens-day': 'Odpremo: {day} ob {hour}.',
  'closed.hours-lead': 'Vrni se v času odprtja.',
};
