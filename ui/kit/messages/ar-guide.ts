import type { itGuide } from './it-guide.ts';

/** Where to reach, in words, and what covers the page when the headset is pulled out, Arabic. */
export const arGuide: Record<keyof typeof itGuide, string> = {
  'guide.place':
    '{height, select, below {في الأسفل} beside {على مستوى الشاشة} other {في الأعلى}}، {side, select, left {إلى اليسار} right {إلى اليمين} other {في الوسط}}',
  'guide.barcode': 'قارئ الرموز {place}. قرّب منه الورقة التي عليها الرمز: صوت يخبرك بأنه قُرئ.',
  'guide.pos': 'قارئ البطاقات {place}. قرّب البطاقة من مفاتيحه، أو أدخلها في الفتحة عند حافته السفلى.',
  'guide.pos-pin':
    'إذا طُلب رمز PIN، فالمفاتيح البارزة على القارئ: على الرقم 5 نقطة، والمفتاح الأخضر في أسفل اليمين للتأكيد.',
  'guide.card': 'قارئ بطاقتك {place}.',
  'guide.printer': 'يخرج الإيصال {place}.',
  'covered.title': 'السماعة غير موصولة',
  'covered.lead': 'غطّيت الأسماء والمبالغ. صِل السماعة من جديد، أو اختر طريقة المتابعة.',
  'covered.go-on': 'المتابعة من دون سماعة',
  'covered.leave': 'خروج وحذف كل شيء',
};
