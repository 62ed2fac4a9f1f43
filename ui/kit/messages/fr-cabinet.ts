import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door). French. */
export const frCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Le courant est en train de manquer',
  'problem.power-failing-lead': 'Je termine ce qui est ouvert. Revenez quand le courant est rétabli.',
  'problem.door-open': 'Borne ouverte pour un contrôle',
  'problem.door-open-lead': 'En attendant, on ne paie pas ici. Réessayez dans quelques minutes.',
};
