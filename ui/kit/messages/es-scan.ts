import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. Spanish. */
export const esScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Sostenga el código a un palmo de la cámara. Lo leo yo.',
  'scan.camera-picture': 'Lo que ve la cámara',
  'scan.camera-how':
    'La cámara está encendida solo en esta página. Las imágenes no se guardan en ningún sitio.',
  'scan.refused-keyboard': 'Este lector aún no está ajustado. Escriba el número del aviso.',
};
