import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out, Ukrainian. */
export const ukGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {внизу} beside {на рівні екрана} other {вгорі}} {side, select, left {ліворуч} right {праворуч} other {посередині}}',
  'guide.barcode': 'Сканер кодів — {place}. Піднесіть до нього аркуш із кодом: сигнал скаже, що код зчитано.',
  'guide.pos':
    'Зчитувач карток — {place}. Прикладіть картку до його клавіш або вставте в щілину на нижньому краї.',
  'guide.pos-pin':
    'Якщо потрібен PIN, рельєфні клавіші є на зчитувачі: на 5 є крапка, зелена внизу праворуч підтверджує.',
  'guide.card': 'Зчитувач для вашої картки — {place}.',
  'guide.printer': 'Квитанція виходить {place}.',
  'covered.title': 'Навушники не під’єднано',
  'covered.lead': 'Імена й суми приховано. Знову під’єднайте навушники або виберіть, як продовжити.',
  'covered.go-on': 'Продовжити без навушників',
  'covered.leave': 'Вийти й видалити все',
};
