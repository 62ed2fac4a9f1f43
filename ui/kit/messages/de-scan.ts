import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. German. */
export const deScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Halten Sie den Code 20 cm vor die Kamera. Ich lese ihn von selbst.',
  'scan.camera-picture': 'Was die Kamera sieht',
  'scan.camera-how': 'Die Kamera ist nur auf dieser Seite an. Die Bilder werden nirgends aufbewahrt.',
  'scan.refused-keyboard': 'Dieses Lesegerät ist noch nicht eingestellt. Geben Sie die Nummer vom Blatt ein.',
};
