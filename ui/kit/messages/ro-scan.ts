import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. Romanian. */
export const roScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Țineți codul în fața camerei, la o palmă. Îl citesc singur.',
  'scan.camera-picture': 'Ce vede camera',
  'scan.camera-how': 'Camera este pornită doar pe această pagină. Imaginile nu se păstrează nicăieri.',
  'scan.refused-keyboard': 'Acest cititor nu este încă reglat. Scrieți numărul avizului.',
};
