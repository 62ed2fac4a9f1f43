import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. English. */
export const enCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Read',
  'news.lead': 'A notice from the municipality',
  'closed.hours-title': 'It is closed here now',
  'closed.opens-today': 'We open today at {hour}.',
  'closed.opens-tomorrow': 'We open tomorrow at {hour}.',
  'closed.opens-day': 'We open on {day} at {hour}.',
  'closed.hours-lead': 'Come back during opening hours.',
};
