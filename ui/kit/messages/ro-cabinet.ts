import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), Romanian. */
export const roCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Se întrerupe curentul electric',
  'problem.power-failing-lead': 'Termin ce este deschis și nu încep altceva. Reveniți când e curent.',
  'problem.door-open': 'Terminal deschis pentru verificare',
  'problem.door-open-lead': 'Cât este deschis, aici nu se plătește. Reveniți peste câteva minute.',
};
