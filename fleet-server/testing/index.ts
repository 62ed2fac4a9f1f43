/** For this part's tests only. */
export {
  type Answer,
  ENROLMENT_CODE,
  NOTICE,
  type Reach,
  Rig,
  TENANT,
  type TestPerson,
  TestTerminal,
} from './rig.ts';
export { ScriptedGateway } from './scripted-gateway.ts';
