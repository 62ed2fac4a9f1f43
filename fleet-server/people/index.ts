export { OWASP_COST, type ScryptCost } from './passwords.ts';
export { type DemoPerson, openPeople, type People, resealTotp } from './people.ts';
export {
  createPerson,
  findByUser,
  listPeople,
  makePasswordLink,
  type PersonRow,
  passwordUrl,
  personDirectory,
  resetSecondFactor,
  updatePerson,
} from './persons.ts';
export { OidcProvider, SignInSettings } from './settings.ts';
export { type PeopleTables, peopleMigrations } from './tables.ts';
