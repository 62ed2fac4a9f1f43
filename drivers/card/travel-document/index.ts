export type { Photo } from './data-groups-codec.ts';
export { identifyByCan } from './identify.ts';
export type { MrzParts, Td1 } from './mrz.ts';
export type { Person } from './person.ts';
export { readPerson, readPhoto } from './reading.ts';
export {
  type DataGroup,
  type DocumentOptions,
  type DocumentPassword,
  openTravelDocument,
  type ProvedDocument,
  withTravelDocument,
} from './travel-document.ts';
