import type { itSpeech } from './it-speech.ts';

/** The words of the voice that are on no page, Arabic. */
export const arSpeech: Record<keyof typeof itSpeech, string> = {
  'speech.welcome':
    'الاستماع مُفعّل. مفتاح Tab والأسهم للتنقل، ومفتاح Enter للاختيار، ومفتاح Esc للرجوع، وحرف R لإعادة الصفحة.',
  'speech.welcome-pad':
    'الاستماع مُفعّل. الأسهم للتنقل، والمفتاح الأوسط للاختيار. ولكل من رجوع وإعادة ومساعدة ومستوى الصوت مفتاح خاص.',
  'speech.hint': 'الأسهم للتنقل، ومفتاح Enter للاختيار. حرف R لإعادة الصفحة.',
  'speech.hint-pad':
    'الأسهم للتنقل، والمفتاح الأوسط للاختيار. مفتاح إعادة يقرأ الصفحة من جديد. لطلب شخص للمساعدة اضغط مطوّلًا على مفتاح مساعدة.',
  'speech.position': '{at} من {of}',
  'speech.volume': 'مستوى الصوت {step} من 10',
  'speech.speed': 'هكذا أتكلم الآن',
  'speech.repeat': 'إعادة',
  'speech.can':
    '{count, plural, zero {لا خيارات الآن} one {أمامك خيار واحد} two {أمامك خياران} few {أمامك # خيارات} many {أمامك # خيارًا} other {أمامك # خيار}}: {choices}.',
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
