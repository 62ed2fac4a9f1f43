export { changeCiePin, signInWithCie, unblockCiePin } from './acts.ts';
export { lookAtCie, proveCie, wipeFiles } from './look.ts';
export { countedBy } from './session.ts';
export {
  type CieFiles,
  type CieOptions,
  type CieTrace,
  type ExtendedLimits,
  type FillRandom,
  newTrace,
  systemFill,
} from './settings.ts';
