import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. Slovenian. */
export const slScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Kodo držite pred kamero, kakih 20 cm stran. Preberem jo sam.',
  'scan.camera-picture': 'Kar vidi kamera',
  'scan.camera-how': 'Kamera je vklopljena samo na tej strani. Slike se nikjer ne shranijo.',
  'scan.refused-keyboard': 'Ta čitalnik še ni nastavljen. Vpišite številko obvestila.',
};
