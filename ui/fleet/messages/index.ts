import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en.ts';
import { type Catalogue, it, type MessageKey } from './it.ts';

export { it, type MessageKey } from './it.ts';
export type ConsoleLanguage = 'it' | 'en';

const catalogues: Readonly<Record<ConsoleLanguage, Catalogue>> = { it, en };
const compiled = new Map<string, IntlMessageFormat>();

export const languageNames: Readonly<Record<ConsoleLanguage, string>> = { it: 'Italiano', en: 'English' };

const kept = 'jolly-console-language';

/** The language chosen here, else the browser's when we speak it, else Italian. */
function chosenLanguage(): ConsoleLanguage {
  if (typeof localStorage === 'undefined') return 'it';
  const stored = localStorage.getItem(kept) ?? navigator.language.slice(0, 2);
  return stored === 'en' ? 'en' : 'it';
}

export const language: ConsoleLanguage = chosenLanguage();

/** Everything is read anew in the other language. */
export function changeLanguage(wanted: string): void {
  localStorage.setItem(kept, wanted);
  location.reload();
}

export function t(key: MessageKey, values: Readonly<Record<string, string | number>> = {}): string {
  const id = `${language} ${key}`;
  let message = compiled.get(id);
  if (!message) {
    message = new IntlMessageFormat(catalogues[language][key], language);
    compiled.set(id, message);
  }
  return String(message.format(values));
}

/** A machine word of the server's turned into a message when the catalogue knows it, else shown as it is. */
export function word(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  if (key in it) return t(key as MessageKey);
  // links say in their word why they are down (`link-down-refused`): staff do the same about all of them
  return prefix === 'reason' && value.startsWith('link-down-') ? t('reason.link-down') : value;
}
