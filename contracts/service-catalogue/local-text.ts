import { z } from 'zod';

/**
 * Words that the municipality writes, by language (ISO 639-1). Italian is always there and is what a language without words of its
 * own sees, marked as Italian (`lang="it"`).
 */
export const LocalText = z.object({ it: z.string().min(1).max(300) }).catchall(z.string().min(1).max(300));
export type LocalText = z.infer<typeof LocalText>;

/** The words in a language, and the language they are really in. */
export function localText(
  text: LocalText,
  language: string,
): { readonly text: string; readonly language: string } {
  const own = text[language];
  return own === undefined ? { text: text.it, language: 'it' } : { text: own, language };
}
