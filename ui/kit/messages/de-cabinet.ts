import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door). German. */
export const deCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Der Strom fällt gerade aus',
  'problem.power-failing-lead': 'Offenes beende ich noch. Kommen Sie wieder, wenn der Strom da ist.',
  'problem.door-open': 'Der Automat ist zur Prüfung offen',
  'problem.door-open-lead': 'Solange er offen ist, keine Zahlung. Bitte in ein paar Minuten wieder.',
};
