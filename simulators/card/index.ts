export type { Authority, CitizenCertificate, IssuerName } from './ca/authority.ts';
export { createAuthority } from './ca/authority.ts';
export { CardKeys, textsInFolder, textsInMemory } from './ca/keys.ts';
export type { CardKind, CardTrouble, EmulatedCard } from './card.ts';
export { type Cards, type CardsOptions, type CieVariant, createCards } from './cards.ts';
export { CITIZENS, type CieCitizen, type Citizen, type CnsCitizen } from './citizens.ts';
export { Fault, FaultList } from './faults.ts';
export { type FaultSource, LaidCard, type Reaction } from './laid.ts';
export {
  CardAction,
  CardSimulator,
  type CardSimulatorState,
  type CardsReady,
  type CitizenState,
  type ReaderState,
} from './simulator.ts';
