import type { itCity } from './it-city.ts';

/** The words about the municipality’s notice and the opening hours. Chinese. */
export const zhCity: Record<keyof typeof itCity, string> = {
  'news.read': '阅读',
  'news.lead': '市政公告',
  'closed.hours-title': '现在已关闭',
  'closed.opens-today': '今天 {hour} 开放。',
  'closed.opens-tomorrow': '明天 {hour} 开放。',
  'closed.opens-day': '{day} {hour} 开放。',
  'closed.hours-lead': '请在开放时间再来。',
};
