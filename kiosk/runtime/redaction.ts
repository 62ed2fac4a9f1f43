/** Words under which a value is never written, whatever put it there. */
const HIDDEN = [
  'token',
  'ticket',
  'noticeNumber',
  'scan',
  'text',
  'key',
  'url',
  // of a citizen and their card
  'pin',
  'puk',
  'can',
  'newPin',
  'digits',
  'secret',
  'citizen',
  'givenName',
  'familyName',
  'fiscalCode',
  'birthDate',
  'nis',
  'nonce',
  'certificate',
  'signature',
  'apdu',
];

/** Setting of the logger, in each process that the runtime runs in. */
export const redaction = { paths: HIDDEN.flatMap((word) => [word, `*.${word}`]), censor: '[hidden]' };
