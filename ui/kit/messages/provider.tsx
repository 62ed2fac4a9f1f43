import type { Language } from '@jolly/contracts/terminal-channel';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { loadLetters } from './letters.ts';
import { isLoaded, loadCatalogue, type Words, wordsIn } from './words.ts';

const WordsContext = createContext<Words>(wordsIn('it', 'Europe/Rome'));

/**
 * Gives the words of a language in a place's zone to everything under it. While a language is read for the first time the words
 * before it stay: the page is never empty.
 */
export function WordsProvider({
  language,
  timeZone,
  children,
}: {
  readonly language: Language;
  readonly timeZone: string;
  readonly children: ReactNode;
}) {
  const [shown, setShown] = useState(language);
  const ready = isLoaded(language) ? language : shown;
  useEffect(() => {
    let current = true;
    Promise.all([loadCatalogue(language), loadLetters(language)]).then(
      () => current && setShown(language),
      (error: unknown) => console.warn(`no words in ${language}: ${String(error)}`),
    );
    return () => {
      current = false;
    };
  }, [language]);
  return <WordsContext value={wordsIn(ready, timeZone)}>{children}</WordsContext>;
}

export function useWords(): Words {
  return useContext(WordsContext);
}
