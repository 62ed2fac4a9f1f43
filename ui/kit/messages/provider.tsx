import type { Language } from '@jolly/contracts/terminal-channel';
import { createContext, type ReactNode, useContext } from 'react';
import { type Words, wordsIn } from './words.ts';

const WordsContext = createContext<Words>(wordsIn('it', 'Europe/Rome'));

/** Gives the words of a language in a place's zone to everything under it. */
export function WordsProvider({
  language,
  timeZone,
  children,
}: {
  readonly language: Language;
  readonly timeZone: string;
  readonly children: ReactNode;
}) {
  return <WordsContext value={wordsIn(language, timeZone)}>{children}</WordsContext>;
}

export function useWords(): Words {
  return useContext(WordsContext);
}
