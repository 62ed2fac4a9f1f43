import { sleep, systemClock } from '@jolly/contracts/values';
import type { Stage } from './stage.ts';

interface Focused {
  readonly testId: string | null;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** A ring is drawn around it. */
  readonly ringed: boolean;
}

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return undefined;
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const ringed = (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
  return { testId: element.getAttribute('data-testid'), left, top, right, bottom, ringed };
})()`;

const focused = (stage: Stage) => stage.page.evaluate<Focused | undefined>(FOCUSED);

/** Tab until the button has the focus, then Enter. */
export async function press(stage: Stage, testId: string): Promise<void> {
  await stage.button(testId).waitFor({ timeout: 8000 });
  for (let tabs = 0; tabs < 40; tabs++) {
    if ((await focused(stage))?.testId === testId) return stage.page.keyboard.press('Enter');
    await stage.page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${testId}`);
}

/** Digits on a keyboard, at a person's pace. */
export async function typeKeys(stage: Stage, digits: string): Promise<void> {
  for (const digit of digits) {
    await stage.page.keyboard.press(digit);
    await sleep(systemClock, 100);
  }
}

/**
 * Walks the page with Tab, from its title: everything that gets the focus is on the glass with a ring around it, and comes in
 * reading order, rows from top to bottom, a row from left to right. Gives the names in that order.
 */
export async function walkInOrder(stage: Stage): Promise<readonly string[]> {
  const { width, height } = stage.page.viewportSize() ?? { width: 0, height: 0 };
  const seen: Focused[] = [];
  await stage.page.getByTestId('title').focus();
  for (let tabs = 0; tabs < 60; tabs++) {
    await stage.page.keyboard.press('Tab');
    const here = await focused(stage);
    if (!here || here.testId === seen[0]?.testId) break;
    const name = here.testId ?? 'a control without a name';
    if (!here.ringed) throw new Error(`${name} has the focus, and nothing shows it`);
    if (here.left < 0 || here.top < 0 || here.right > width || here.bottom > height)
      throw new Error(`${name} has the focus and is not on the glass`);
    const before = seen.at(-1);
    if (before && here.bottom <= before.top + 1)
      throw new Error(`${name} comes after ${before.testId}, and is above it`);
    if (before && here.top < before.bottom - 1 && here.left < before.left)
      throw new Error(`${name} comes after ${before.testId}, and is to the left of it`);
    seen.push(here);
  }
  return seen.map(({ testId }) => testId ?? '');
}
