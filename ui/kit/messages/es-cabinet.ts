import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door). Spanish. */
export const esCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Está fallando la corriente',
  'problem.power-failing-lead': 'Termino lo que está abierto y no empiezo nada. Vuelva cuando haya luz.',
  'problem.door-open': 'Terminal abierto por una revisión',
  'problem.door-open-lead': 'Mientras, aquí no se puede pagar. Pruebe dentro de unos minutos.',
};
