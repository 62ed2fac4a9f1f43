export { lookAtCns, readCertificate, readPersonalData } from './files.ts';
export { decodePersonalData, type PersonalData } from './personal-data-codec.ts';
export { isCnsAtr } from './recognition.ts';
export { type CnsOptions, signInWithCns } from './sign-in.ts';
