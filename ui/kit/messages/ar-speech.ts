import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Arabic. */
export const arSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'الاستماع مُفعّل. مفتاح Tab والأسهم للتنقل، ومفتاح Enter للاختيار، ومفتاح Esc للرجوع، وحرف R لإعادة الصفحة.',
  'speech.repeat': 'إعادة',
  'speech.can': 'يمكنك اختيار: {choices}.',
  'speech.now-can': 'الآن يمكنك اختيار: {choices}.',
  'speech.on': 'مُفعّل',
  'speech.off': 'غير مُفعّل',
  'speech.not-now': 'غير متاح الآن',
  'speech.signed-in': 'تم الدخول',
  'speech.amount': 'المبلغ المعروض على الشاشة',
  'speech.key': 'مفتاح',
  'speech.pad':
    'المفاتيح البارزة أسهل إن وُجدت. وعند استعمال الأسهم يفيد عدّ المفاتيح: من واحد إلى تسعة، ثم مسح الكل، ثم صفر، ثم مسح الأخير. لا أنطق الأرقام بصوت مسموع.',
};
