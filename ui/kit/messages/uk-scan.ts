import type { itScan } from './it-scan.ts';

/** Words of reading a code with the camera and of a reader that is not set up, Ukrainian. */
export const ukScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Тримайте код перед камерою, за долоню від неї. Він зчитається сам.',
  'scan.camera-picture': 'Що бачить камера',
  'scan.camera-how': 'Камера ввімкнена лише на цій сторінці. Зображення ніде не зберігаються.',
  'scan.refused-keyboard': 'Цей сканер ще не налаштовано. Введіть номер із рахунка.',
};
