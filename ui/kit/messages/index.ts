export type { MessageKey } from './it.ts';
export { loadLetters } from './letters.ts';
export { useWords, WordsProvider } from './provider.tsx';
export {
  type Catalogue,
  directionOf,
  inFours,
  isLoaded,
  LANGUAGE_NAMES,
  loadCatalogue,
  type MessageValues,
  type Words,
  wordsIn,
} from './words.ts';
