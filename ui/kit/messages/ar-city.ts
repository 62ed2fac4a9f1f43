import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Arabic. */
export const arCity: Record<keyof typeof itCity, string> = {
  'news.read': 'اقرأ',
  'news.lead': 'إعلان من البلدية',
  'closed.hours-title': 'المكان مغلق الآن',
  'closed.opens-today': 'نفتح اليوم الساعة {hour}.',
  'closed.opens-tomorrow': 'نفتح غدًا الساعة {hour}.',
  'closed.opens-day': 'نفتح يوم {day} الساعة {hour}.',
  'closed.hours-lead': 'عُد في ساعات العمل.',
};
