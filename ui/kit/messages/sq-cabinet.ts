import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), Albanian. */
export const sqCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Energjia elektrike po ikën',
  'problem.power-failing-lead': 'Mbaroj çka është hapur dhe s’nis tjetër. Kthehuni kur të ketë drita.',
  'problem.door-open': 'Terminali është hapur për kontroll',
  'problem.door-open-lead': 'Sa është hapur, këtu nuk paguhet. Provoni pas pak minutash.',
};
