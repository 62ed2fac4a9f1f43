import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. Albanian. */
export const sqScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Mbajeni kodin para kamerës, një pëllëmbë larg. E lexoj vetë.',
  'scan.camera-picture': 'Çfarë sheh kamera',
  'scan.camera-how': 'Kamera është ndezur vetëm në këtë faqe. Pamjet nuk ruhen askund.',
  'scan.refused-keyboard': 'Ky lexues nuk është rregulluar ende. Shkruani numrin e njoftimit.',
};
