export { isOfTestAuthority, openTrust, type Trust, type TrustFiles } from './anchors.ts';
export { type Certificate, isValidAt, readCertificate } from './certificate.ts';
export { chainOf, issued } from './chain.ts';
export { trustCommand } from './command.ts';
export { derAt, derBits, derBoolean, derOnly, derTime } from './der-values.ts';
export { trustError } from './errors.ts';
export {
  distributionNames,
  EXTENSION,
  type Extension,
  readExtensions,
  refuseUnknownCritical,
} from './extensions.ts';
export { ATTRIBUTE, attributesOf, onlyValue } from './names.ts';
export { readSigned, type Signed, signatureHolds } from './signed.ts';
