import type { Preferences, Snapshot } from '@jolly/contracts/terminal-channel';
import { DEFAULT_PREFERENCES } from '@jolly/contracts/terminal-channel';
import { reachableScreens } from '@jolly/kiosk-runtime/session';

/** The place of the walk: everything a terminal can have, so that nothing is left out of a page. */
const PLACE: Snapshot['place'] = {
  terminalId: 'PO-09' as Snapshot['place']['terminalId'],
  city: 'Comune di Prato',
  site: 'Sportello di Piazza Mercatale',
  creditorTaxCode: '84006890481',
  timeZone: 'Europe/Rome',
  demo: true,
  languages: ['it', 'en', 'zh', 'ro', 'sq', 'de', 'fr', 'es', 'sl', 'uk', 'ar'],
  voice: true,
  helpPhone: '0574 1836096',
  statementUrl: 'https://www.comune.example/accessibilita/sportelli',
  feedback: 'accessibilita@comune.example',
  signIn: true,
  news: {
    title: { it: 'Sabato mattina chiuso', en: 'Closed on Saturday morning' },
    text: { it: 'Il 5 dicembre gli sportelli restano chiusi.' },
  },
  hints: {
    barcode: { angle: 0, side: 'centre' },
    pos: { angle: 45, side: 'right' },
    printer: { angle: -45, side: 'left' },
    card: { angle: 20, side: 'right' },
  },
};

/** A page of the citizen's app as the chart can show it. */
export interface Page {
  readonly key: string;
  /** The events that lead there, for whoever looks into a fault. */
  readonly path: readonly string[];
  readonly snapshot: Snapshot;
}

/**
 * Every page that the statechart can reach and that is drawn differently from the others: what changes nothing on the glass
 * (a limitation that only home tells) makes no page of its own.
 */
export function pages(): readonly Page[] {
  const drawn = new Map<string, Page>();
  for (const { key, path, snapshot } of reachableScreens(PLACE)) {
    const { screen, idle, session, citizen, limitations, languageSheet, aidsSheet, covered, told } = snapshot;
    // the warning and the sheets cover the page: which one lies under them shows only in the warning's words
    const sheet = languageSheet || aidsSheet;
    const looks = idle
      ? [
          /^(pay-|problem$)/.test(screen.name),
          idle.money,
          screen.name === 'login-card',
          languageSheet,
          aidsSheet,
        ]
      : sheet
        ? [screen.name === 'home', languageSheet, aidsSheet]
        : screen.name === 'home'
          ? [screen, session, citizen !== undefined, limitations, limitations.length === 0 && told]
          : [screen, session, citizen];
    const look = JSON.stringify([...looks, covered]);
    if (!drawn.has(look)) drawn.set(look, { key, path, snapshot });
  }
  return [...drawn.values()];
}

export const withPreferences = ({ snapshot }: Page, preferences: Partial<Preferences>): Snapshot => ({
  ...snapshot,
  preferences: { ...DEFAULT_PREFERENCES, ...preferences },
});
