import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Ukrainian. */
export const ukCity: Record<keyof typeof itCity, string> = {
  'news.read': 'Читати',
  'news.lead': 'Оголошення муніципалітету',
  'closed.hours-title': 'Зараз тут зачинено',
  'closed.opens-today': 'Відчиняємо сьогодні о {hour}.',
  'closed.opens-tomorrow': 'Відчиняємо завтра о {hour}.',
  'closed.opens-day': 'Відчиняємо: {day}, {hour}.',
  'closed.hours-lead': 'Приходь у години роботи.',
};
