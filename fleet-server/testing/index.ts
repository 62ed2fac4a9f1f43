/** For this part's tests only. */

export {
  type Issued,
  nameOf,
  pemOf,
  RSA_SIGNING,
  type SodMade,
  type Subject,
  signed,
  TestAuthority,
} from './authority.ts';
export { dg1, GIULIA, MARIO, rsaPair, TestCard, tag2 } from './cards.ts';
export { type Cluster, makeCluster, postgresPrograms } from './cluster.ts';
export * as der from './der-writer.ts';
export {
  entryOf,
  LinkTerminal,
  linkKey,
  openTestLink,
  PlainGate,
  plainLeases,
  reportedOf,
  type TestLink,
} from './link.ts';
export { LinkRig, openLinkStore, TOTEM } from './link-rig.ts';
export { lookInto, type StoreLook } from './look.ts';
export { House, Mosquitto } from './mosquitto.ts';
export { type OidcHouse, openOidcHouse } from './oidc-house.ts';
export {
  type Answer,
  codeOf,
  ENROLMENT_CODE,
  NOTICE,
  type Reach,
  Rig,
  TENANT,
  type TestPerson,
  TestTerminal,
} from './rig.ts';
export { ScriptedGateway } from './scripted-gateway.ts';
export { makeTemplate, type TestStore, testStore } from './test-store.ts';
export { CardTown, OTHER_TENANT, type Started, tokenOf } from './town.ts';
export { type Places as TwinPlaces, TwinTown } from './twin-town.ts';
export { MARK, type PlantedIds, TOWN, type TwoTowns, twoTowns, VICTIM } from './two-towns.ts';
