export {
  DER_FAULTS,
  type DerNode,
  derChildren,
  derInteger,
  derLength,
  derOid,
  readDer,
  trimDer,
} from './der-codec.ts';
export { derError } from './errors.ts';
