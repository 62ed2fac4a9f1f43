import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), Arabic. */
export const arCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'التيار الكهربائي ينقطع',
  'problem.power-failing-lead': 'أكمل ما بدأ ولا أبدأ شيئًا جديدًا. يمكنك العودة حين تعود الكهرباء.',
  'problem.door-open': 'الجهاز مفتوح للفحص',
  'problem.door-open-lead': 'لا دفع هنا ما دام مفتوحًا. حاول بعد بضع دقائق.',
};
