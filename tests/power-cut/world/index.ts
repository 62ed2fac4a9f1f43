export { answerTo, type CitizenHabits, guarded, visit } from './citizen.ts';
export { type ByteCut, Ecr17Bench } from './ecr17.ts';
export type { NodeMood } from './fleet.ts';
export type { CardMood } from './pos.ts';
export { Power, PowerCut } from './power.ts';
export { ANOTHER_NOTICE, type CutAt, NOTICE, World } from './world.ts';
