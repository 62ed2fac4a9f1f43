import type { itScan } from './it-scan.ts';

/** Words of reading a code with the camera and of a reader that is not set up, Arabic. */
export const arScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'ضع الرمز أمام الكاميرا على بعد شبر. سأقرؤه تلقائيًا.',
  'scan.camera-picture': 'ما تراه الكاميرا',
  'scan.camera-how': 'الكاميرا تعمل في هذه الصفحة فقط. لا تُحفظ الصور في أي مكان.',
  'scan.refused-keyboard': 'هذا القارئ غير مضبوط بعد. اكتب رقم الإشعار.',
};
