/** One row of a package's error catalogue. */
export interface ErrorEntry {
  /** What happened, in English, for logs and the technician. */
  readonly cause: string;
  /** Whether the same act may succeed if tried again unchanged. */
  readonly retry: 'no' | 'later' | 'at-once';
  /** Key in the citizen's message catalogue, or undefined when the citizen never meets it. */
  readonly message?: string;
  /** What the technician does. */
  readonly cure?: string;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorEntry>>;

/** Every error of Jolly's has a code of its package's catalogue. `detail` carries no personal data. */
export class JollyError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly entry: ErrorEntry;
  readonly detail: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: Code,
    entry: ErrorEntry,
    detail: Readonly<Record<string, string | number | boolean>> = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${entry.cause}`, options);
    this.name = 'JollyError';
    this.code = code;
    this.entry = entry;
    this.detail = detail;
  }
}

/**
 * Makes the constructor of a package's errors: `const fail = errorsOf(catalogue); throw fail('POS_SILENT', {…})`.
 */
export function errorsOf<const C extends ErrorCatalogue>(catalogue: C) {
  return (
    code: keyof C & string,
    detail: Readonly<Record<string, string | number | boolean>> = {},
    options?: ErrorOptions,
  ): JollyError<keyof C & string> => new JollyError(code, catalogue[code] as ErrorEntry, detail, options);
}

/** Type guard: an error of ours, with that code when one is given. */
export function isJollyError<Code extends string>(error: unknown, code?: Code): error is JollyError<Code> {
  return error instanceof JollyError && (code === undefined || error.code === code);
}
