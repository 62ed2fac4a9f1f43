export { answerTo, type CitizenHabits, guarded, visit } from './citizen.ts';
export { Ecr17Bench } from './ecr17.ts';
export type { NodeMood } from './fleet.ts';
export { GatewayBench } from './gateway.ts';
export { NexoBench } from './nexo.ts';
export type { CardMood } from './pos.ts';
export { Power, PowerCut } from './power.ts';
export type { ByteCut, MakeBench, WireBench, WireMood } from './wire.ts';
export { ANOTHER_NOTICE, type CutAt, NOTICE, World } from './world.ts';
