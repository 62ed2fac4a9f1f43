import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), Ukrainian. */
export const ukCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': 'Зникає електропостачання',
  'problem.power-failing-lead': 'Завершую розпочате, нового не починаю. Поверніться, коли буде струм.',
  'problem.door-open': 'Термінал відкрито для перевірки',
  'problem.door-open-lead': 'Поки він відкритий, тут не сплатити. Спробуйте за кілька хвилин.',
};
