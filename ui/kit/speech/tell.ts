import type { MessageKey, MessageValues } from '../messages/index.ts';
import type { Control, Scene } from './scene.ts';

export type Say = (key: MessageKey, values?: MessageValues) => string;

/** How amounts are written in any of the languages: `1.234,56 €`, `€1,234.56`, `1 234,56 EUR`; with marks of direction. */
const AMOUNT =
  /[\u2066\u2068]?(?:\d(?:[\d.,]|[\u00a0\u202f](?=\d))*[\s\u200e\u200f]*(?:€|EUR(?!\p{L}))|(?:€|EUR)[\s\u200e\u200f]*\d(?:[\d.,]*\d)?)\u2069?/gu;

/**
 * What of a scene others may hear: no sentence with a name in it, no amount. The last guard behind `data-aloud`, which
 * gives sentences that sound right.
 */
export function forAllEars(scene: Scene, names: readonly string[], t: Say): Scene {
  const named = names.filter((name) => name.trim() !== '').map(wholeWord);
  const heard = (text: string) =>
    named.some((name) => name.test(text)) ? '' : text.replaceAll(AMOUNT, t('speech.amount'));
  return {
    ...scene,
    header: scene.header.map(heard),
    title: heard(scene.title),
    lines: scene.lines.map((line) => ({ ...line, text: heard(line.text) })),
    controls: scene.controls.map((control) => ({ ...control, name: heard(control.name) })),
  };
}

/** As written, and not inside another word: a citizen called Re would silence half of the page. */
const wholeWord = (name: string): RegExp =>
  new RegExp(`(?<!\\p{L})${name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?!\\p{L})`, 'u');

/** When listening begins: how it goes, where one is, and the whole screen with the aids. */
export function tellWelcome(scene: Scene, t: Say, hand: 'keyboard' | 'keypad' = 'keyboard'): string {
  const how = t(hand === 'keypad' ? 'speech.welcome-pad' : 'speech.welcome');
  return sentences([how, ...scene.header, tellWhole(scene, t, true)]);
}

/** Title, lead, what is new, then how much can be done now and what, in the order of the screen, and where one is. */
export function tellWhole({ title, lines, controls }: Scene, t: Say, withSeldom = false): string {
  const said: string[] = [];
  const told = lines.filter((line) => !line.seldom);
  for (const text of [title, ...told.map((line) => line.text)]) {
    if (!said.some((before) => before.startsWith(text))) said.push(text);
  }
  const listed = controls.filter((it) => it.told === 'each' || (withSeldom && it.told === 'seldom'));
  const here = controls.find((it) => it.focused);
  const at = here && here.told !== 'as-pad' ? `${here.name}${tellPlace(here, controls, t)}` : '';
  return sentences([...said, ...tellChoices(listed, t, 'speech.can'), at]);
}

/**
 * What the change from one scene to the next says: another place from the start, else only what is new: title, live
 * regions, what can be done since now, the control that has the focus. Undefined: nothing.
 */
export function tellChange(before: Scene, now: Scene, t: Say): string | undefined {
  if (before.place !== now.place) return tellWhole(now, t);
  const retitled = before.title !== now.title;
  const known = new Set(before.lines.map(({ text }) => text));
  const news = now.lines.filter(({ text, live }) => (live || retitled) && !known.has(text));
  const could = new Set(before.controls.filter((it) => it.possible).map(identity));
  const gained = now.controls.filter((it) => it.told === 'each' && !could.has(identity(it)));
  const said = [
    ...(retitled ? [now.title] : []),
    ...news.map(({ text }) => text),
    ...tellChoices(gained, t, 'speech.now-can'),
    tellFocus(before, now, t) ?? '',
  ];
  return said.some((text) => text !== '') ? sentences(said) : undefined;
}

/** Name and state of what has the focus since now, or has changed under it; its bar's name when one comes into it. */
function tellFocus(before: Scene, now: Scene, t: Say): string | undefined {
  const was = before.controls.find((it) => it.focused);
  const is = now.controls.find((it) => it.focused);
  if (!is) return undefined;
  const moved = was?.id !== is.id;
  if (!moved && was.name === is.name && was.state === is.state && was.possible === is.possible)
    return undefined;
  const into = is.group !== undefined && is.group !== was?.group ? `${is.group}: ` : '';
  const state = is.state && t(`speech.${is.state}`);
  const told = [is.name, state, is.possible ? undefined : t('speech.not-now')].filter(Boolean).join(', ');
  return into + told + (moved ? tellPlace(is, now.controls, t) : '');
}

/** ", 1 di 6": among those of its own bar, or of the page. A pad has none: a place on it would be the digit. */
function tellPlace(control: Control, controls: readonly Control[], t: Say): string {
  if (control.told === 'as-pad') return '';
  const among = controls.filter((it) => it.told !== 'as-pad' && it.group === control.group && it.name !== '');
  const at = among.indexOf(control) + 1;
  return at === 0 || among.length < 2 ? '' : `, ${t('speech.position', { at, of: among.length })}`;
}

/** The page's own choices, then each bar by its name. */
function tellChoices(controls: readonly Control[], t: Say, key: 'speech.can' | 'speech.now-can'): string[] {
  const groups = new Map<string | undefined, string[]>();
  for (const { group, name, possible } of controls) {
    if (possible && name !== '') groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups].map(([group, names]) => {
    const choices = names.join('; ');
    if (group !== undefined) return `${group}: ${choices}`;
    return key === 'speech.can' ? t(key, { choices, count: names.length }) : t(key, { choices });
  });
}

const identity = ({ id, name }: Control): string => `${id} ${name}`;

function sentences(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => (/[.?…。？؟]$/.test(text) ? text : `${text}.`))
    .join(' ');
}
