import { sleep, systemClock } from '@jolly/contracts/values';
import type { Page as Tab } from 'playwright-core';
import { focusNow, type Item, itemsOnGlass, wordsOnGlass } from './glass.ts';
import type { Puppet } from './puppet.ts';

/** Keys of the tactile keypad: through everything one by one, also through the rows of a keyboard. */
const NEXT = 'right';
const ACT = 'ok';

/** A change is told at the latest after this, ms; a machine out of breath takes longer than the 40 of the screen itself. */
const TELL_MS = 3_000;

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - begun > TELL_MS) throw new Error(`not in ${TELL_MS} ms: ${what}`);
    await sleep(systemClock, 10);
  }
}

/** Where others hear it a sum is told as "the amount on the screen". */
const SUM = /\d[\d.,]*\s?€/;

/** Who is signed in, as the chart's walk calls them: not said where others hear it. */
const NAMES = /\b(Ignota|Persona)\b/g;

/** For comparing what is written with what is said: letters and figures alone. */
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const heard = (puppet: Puppet): string => bare(puppet.said.map(({ text }) => text).join(' '));

/** Waits until the voice has said all that the screen had to tell. */
export async function listen(tab: Tab, puppet: Puppet): Promise<void> {
  await until('everything is said', async () => {
    const { told } = await tab.evaluate(focusNow);
    return told !== '' && heard(puppet).includes(bare(told)) ? true : undefined;
  });
}

/** What the voice said when the page came must hold every sentence on it; to the room nothing that is private. */
export async function unsaid(tab: Tab, puppet: Puppet, ears: 'headset' | 'room'): Promise<string[]> {
  const alone = ears === 'headset';
  const said = heard(puppet);
  const words = await tab.evaluate(wordsOnGlass);
  const missing = words
    .filter((text) => alone || !SUM.test(text))
    .map((text) => ({ text, wanted: text.replace(/^\d /, '').replaceAll(alone ? '' : NAMES, '') }))
    .filter(({ wanted }) => !said.includes(bare(wanted)))
    .map(({ text }) => `never said: “${text}”`);
  const loud = puppet.said
    .filter(({ text, private: secret }) =>
      alone ? !secret : secret || SUM.test(text) || text.search(NAMES) >= 0,
    )
    .map(({ text }) => (alone ? `said to the room: “${text}”` : `private, and said: “${text}”`));
  return [...missing, ...loud];
}

/**
 * Walks a page by the pad: each control once, in the order of the page, with a ring to be seen and its name said; then presses
 * each: what can be done now sends something up or changes the page.
 */
export async function walk(tab: Tab, puppet: Puppet): Promise<string[]> {
  const faults: string[] = [];
  const items = await tab.evaluate(itemsOnGlass);
  const visited: number[] = [];
  for (let step = 0; step <= items.length; step++) {
    const before = await tab.evaluate(focusNow);
    puppet.forget();
    puppet.press(NEXT);
    const here = await until(
      `something else has the focus after ${items[before.index]?.id ?? 'the title'}`,
      async () => {
        const now = await tab.evaluate(focusNow);
        return now.index !== before.index || items.length === 1 ? now : undefined;
      },
    );
    const item = items[here.index];
    if (!item) {
      faults.push('the focus is nowhere');
      break;
    }
    if (visited.includes(here.index)) break;
    if (!here.ringed) faults.push(`nothing shows that ${item.id} has the focus`);
    const last = items[visited.at(-1) ?? -1];
    if (last) faults.push(...order(last, item));
    visited.push(here.index);
    faults.push(...(await notTold(puppet, item)));
  }
  const missed = items.filter((_, index) => !visited.includes(index));
  for (const { id } of missed) faults.push(`the pad never reaches ${id}`);
  // from wherever it began, round to where it was
  const round = items.map((_, index) => (index + (visited[0] ?? 0)) % items.length);
  if (missed.length === 0 && visited.join() !== round.join())
    faults.push(`the pad's order is not the page's: ${visited.map((index) => items[index]?.id).join(', ')}`);
  faults.push(...(await pressAll(tab, puppet, items)));
  return faults;
}

/** Rows from top to bottom: what comes next is never wholly above what was before it in the same part of the page. */
function order(before: Item, now: Item): string[] {
  if (!before.inFront || !now.inFront || before.region !== now.region || now.bottom > before.top + 1)
    return [];
  return [`${now.id} comes after ${before.id}, and is above it`];
}

async function notTold(puppet: Puppet, item: Item): Promise<string[]> {
  if (item.secret) return [];
  const wanted = bare(item.name.replace(SUM, '').replaceAll(NAMES, '')).split(' ');
  try {
    await until(`${item.id} is told`, async () => {
      const said = heard(puppet);
      return wanted.every((word) => said.includes(word)) ? true : undefined;
    });
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [`${item.id} has the focus and “${item.name}” is not said, but “${heard(puppet)}”`];
  }
}

/** What a page looks like, to see that a press changed it. */
const looks = (tab: Tab): Promise<string> =>
  tab.evaluate(
    '[...document.querySelectorAll("main,[role=dialog],.caption")].map((it) => it.outerHTML).join("")',
  );

async function pressAll(tab: Tab, puppet: Puppet, items: readonly Item[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, item] of items.entries()) {
    const there = await tab.evaluate((at) => {
      const element = document.querySelector<HTMLElement>(`[data-walk="${at}"]`);
      element?.focus();
      return element !== null;
    }, index);
    // a page of a long text was turned: its other controls are found when that page is walked
    if (!there) continue;
    // what the key before caused has arrived by now
    if (!item.possible) await sleep(systemClock, 60);
    puppet.take();
    const before = await looks(tab);
    puppet.press(ACT);
    if (!item.possible) {
      await sleep(systemClock, 40);
      const { intents, secrets } = puppet.take();
      if (intents.length + secrets.length > 0) faults.push(`${item.id} is greyed, and acts`);
      continue;
    }
    try {
      await until(`${item.id} does something`, async () => {
        const { intents, secrets } = puppet.take();
        return intents.length + secrets.length > 0 || (await looks(tab)) !== before ? true : undefined;
      });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      faults.push(`${item.id} can be pressed, and nothing happens`);
    }
  }
  return faults;
}
