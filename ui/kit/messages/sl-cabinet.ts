import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), Slovenian. */
export const slCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Električni tok izpada',
  'problem.power-failing-lead': 'Končam, kar je odprto, novega ne začnem. Vrnite se, ko bo elektrika.',
  'problem.door-open': 'Terminal je odprt zaradi pregleda',
  'problem.door-open-lead': 'Dokler je odprt, tu ni plačil. Poskusite čez nekaj minut.',
};
