import { z } from 'zod';

/** A line break or a tab at most: no other control character means anything, and PostgreSQL stores no text with a NUL in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const NO_CONTROL = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$/;

/** Free text that another machine sends, no longer than `most`. */
export const Text = (most: number) => z.string().max(most).regex(NO_CONTROL, 'no control characters');
