import type { itCabinet } from './it-cabinet.ts';

/** The words about the cabinet (power, door), simplified Chinese. */
export const zhCabinet: Record<keyof typeof itCabinet, string> = {
  'problem.power-failing': '电力供应不稳',
  'problem.power-failing-lead': '已开始的会完成，不再开始新的操作。请来电后再来。',
  'problem.door-open': '本机正在开箱检查',
  'problem.door-open-lead': '开箱期间这里不能付款。请过几分钟再试。',
};
