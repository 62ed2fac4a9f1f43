import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const folder = resolve(import.meta.dirname, '../../../artifacts/screens');

export interface LookOptions {
  /** Draw only: another picture of this screen was judged already. */
  readonly judged?: boolean;
}

/** Draws the page into `artifacts/screens/<name>.png` and judges it with axe: a serious fault ends the test. */
export async function look(page: Page, name: string, options: LookOptions = {}): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.evaluate('document.fonts.ready.then(() => true)');
  await page.screenshot({ path: join(folder, `${name}.png`) });
  if (options.judged) return;
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  if (serious.length === 0) return;
  const words = serious.map(
    ({ id, impact, nodes }) =>
      `${id} (${impact}): ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join(' | ')}`,
  );
  throw new Error(`axe on ${name}: ${words.join('\n')}`);
}
