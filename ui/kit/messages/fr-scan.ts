import type { itScan } from './it-scan.ts';

/** Words about reading codes: the camera, and a reader that types. French. */
export const frScan: Record<keyof typeof itScan, string> = {
  'scan.camera-lead': 'Tenez le code à 20 cm de la caméra. Je le lis tout seul.',
  'scan.camera-picture': 'Ce que voit la caméra',
  'scan.camera-how': 'La caméra n’est allumée que sur cette page. Les images ne restent nulle part.',
  'scan.refused-keyboard': 'Ce lecteur n’est pas encore réglé. Tapez le numéro de l’avis.',
};
