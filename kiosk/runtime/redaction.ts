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

const HIDDEN_WORDS: ReadonlySet<string> = new Set(HIDDEN);

/** The same for a line that does not go through the logger. */
export const redacted = <T>(detail: Readonly<Record<string, T>>): Record<string, T | string> =>
  Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, HIDDEN_WORDS.has(name) ? redaction.censor : value]),
  );
