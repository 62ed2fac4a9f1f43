import type { Language } from '@jolly/contracts/terminal-channel';

/**
 * Letters of a language that are too many for the first load: the faces of Chinese stand in a style sheet of their own, which is
 * read with its words. Each face is itself read only when one of its letters is drawn.
 */
export async function loadLetters(language: Language): Promise<void> {
  if (language === 'zh') await import('../styles/fonts-chinese.css');
}
