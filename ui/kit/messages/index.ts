export type { MessageKey } from './it.ts';
export { useWords, WordsProvider } from './provider.tsx';
export { catalogues, inFours, LANGUAGE_NAMES, type MessageValues, type Words, wordsIn } from './words.ts';
