import { createHash } from 'node:crypto';
import { TerminalSettings } from '@jolly/contracts/twin';
import { FaultsFound } from '../problems/index.ts';

/** What is sent as a layer's document. Throws SETTINGS_REFUSED with every fault. */
export function checkDocument(document: unknown): TerminalSettings {
  const { settings, faults } = readDocument(document);
  if (!settings) throw new FaultsFound('SETTINGS_REFUSED', faults);
  return settings;
}

export function readDocument(document: unknown): {
  readonly settings?: TerminalSettings;
  readonly faults: { path: string; message: string }[];
} {
  const parsed = TerminalSettings.safeParse(document);
  if (parsed.success) return { settings: parsed.data, faults: [] };
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'not a setting' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  return { faults };
}

/** The same text for the same settings, in whatever order they were said. */
export function textOf(settings: TerminalSettings): string {
  return JSON.stringify(settings, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads what this server wrote. A word that a later schema no longer knows is left out, the rest holds. */
export function readStored(text: string): TerminalSettings {
  const stored: unknown = JSON.parse(text);
  const whole = TerminalSettings.safeParse(stored);
  if (whole.success) return whole.data;
  const groups = Object.entries(stored as Record<string, unknown>);
  return Object.assign(
    {},
    ...groups.map(([name, value]) => {
      const alone = TerminalSettings.safeParse({ [name]: value });
      return alone.success ? alone.data : {};
    }),
  );
}
