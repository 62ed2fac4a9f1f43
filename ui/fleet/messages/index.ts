import { IntlMessageFormat } from 'intl-messageformat';
import { en } from './en.ts';
import { type Catalogue, it, type MessageKey } from './it.ts';

export type { MessageKey } from './it.ts';
export type ConsoleLanguage = 'it' | 'en';

const catalogues: Readonly<Record<ConsoleLanguage, Catalogue>> = { it, en };
const compiled = new Map<string, IntlMessageFormat>();

/** The browser's language when we speak it, else Italian. */
export const language: ConsoleLanguage =
  typeof navigator !== 'undefined' && navigator.language.startsWith('en') ? 'en' : 'it';

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
  return key in it ? t(key as MessageKey) : value;
}
