import type { itScan } from './it-scan.ts';

export const enScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Hold the code in front of the camera, a hand’s width away. I read it by myself.',
  'scan.camera-picture': 'What the camera sees',
  'scan.camera-how': 'The camera is on only on this page. Pictures are kept nowhere.',
  'scan.refused-keyboard': 'This reader is not set up yet. Type the number of the notice.',
};
