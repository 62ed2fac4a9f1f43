import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const aceSource = readFileSync(require.resolve('accessibility-checker-engine/ace.js'), 'utf8');

/** Puts both engines into a page; again after each load. */
export async function bringEngines(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  await page.evaluate(`${aceSource}; window.ace = ace;`);
}

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

/** Every violation that axe-core finds, of any weight. `rules`: only these. */
export async function axe(page: Page, rules?: readonly string[]): Promise<string[]> {
  const options = rules
    ? { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'] }
    : {
        runOnly: { type: 'tag', values: AXE_TAGS },
        resultTypes: ['violations'],
        // a kiosk's glass is not pinched: text grows by its own aid, which the walk measures at 200 %
        rules: { 'meta-viewport': { enabled: false } },
      };
  const { violations } = await page.evaluate<AxeResult>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(
    ({ id, nodes }) => `axe ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

interface AceResult {
  readonly ruleId: string;
  readonly value: readonly [string, string];
  readonly message: string;
  readonly snippet: string;
}

/** Every certain violation that IBM's Equal Access engine finds (WCAG 2.2 A and AA). */
export async function equalAccess(page: Page): Promise<string[]> {
  const results = await page.evaluate<AceResult[]>(
    `new ace.Checker().check(document, ['WCAG_2_2']).then(({ results }) => results
      .filter(({ value }) => value[0] === 'VIOLATION' && value[1] === 'FAIL')
      .map(({ ruleId, value, message, snippet }) => ({ ruleId, value, message, snippet: snippet.slice(0, 120) })))`,
  );
  return results.map(({ ruleId, message, snippet }) => `equal-access ${ruleId}: ${message} ${snippet}`);
}
