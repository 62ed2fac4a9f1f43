import { CommandRow } from '@jolly/contracts/fleet-api';
import type { CommandKind, CommandState } from '@jolly/contracts/fleet-link';
import type { Locator, Page } from 'playwright-core';

/** What staff do in the console, by its own buttons. */

const WAIT_MS = 15_000;
/** Those behind "more". */
const HIDDEN: ReadonlySet<CommandKind> = new Set(['lock', 'unlock', 'rotate-key', 'wipe']);

/** `go(page, 'terminal', 'PO-09')`: as a click on a link there. */
export async function go(page: Page, ...parts: readonly string[]): Promise<void> {
  const hash = `#/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
}

export const rowOf = (page: Page, terminalId: string): Locator =>
  page.getByTestId('terminal-row').filter({ hasText: terminalId });

/** Waits until these words are there. */
export async function see(where: Page | Locator, words: string | RegExp, withinMs = WAIT_MS): Promise<void> {
  const shown = where.getByText(words).first();
  await shown.waitFor({ timeout: withinMs }).catch(async (error: unknown) => {
    const all = 'locator' in where && 'url' in where ? where.locator('body') : where.first();
    const said = (await all.count()) === 0 ? 'nothing' : await all.textContent();
    throw new Error(`«${words}» was awaited, it says: ${said?.slice(0, 600)}`, { cause: error });
  });
}

/** A command given on the terminal's page that is open: its id. */
export async function order(
  page: Page,
  kind: CommandKind,
  fill: (dialog: Locator) => Promise<unknown> = async () => undefined,
): Promise<string> {
  if (kind === 'screenshot') await page.getByRole('button', { name: 'Vedi lo schermo' }).click();
  else {
    const button = page.getByTestId(`command-${kind}`);
    const more = page.getByRole('button', { name: 'Altri comandi' });
    if (HIDDEN.has(kind) && (await more.isVisible())) await more.click();
    await button.click();
  }
  const dialog = page.getByRole('dialog');
  await fill(dialog);
  const [answer] = await Promise.all([
    page.waitForResponse(
      (response) => response.request().method() === 'POST' && response.url().endsWith('/commands'),
    ),
    dialog.getByTestId('command-send').click(),
  ]);
  return CommandRow.parse(await answer.json()).commandId;
}

export const command = (page: Page, id: string, state: CommandState): Locator =>
  page.locator(`[data-testid=command-row][data-id="${id}"][data-state="${state}"]`);

/** Waits until the page shows the command in this state. */
export async function reaches(
  page: Page,
  id: string,
  state: CommandState,
  withinMs = 20_000,
): Promise<Locator> {
  const row = command(page, id, state);
  await row.waitFor({ timeout: withinMs }).catch(async (error: unknown) => {
    const now = page.locator(`[data-testid=command-row][data-id="${id}"]`);
    const said = (await now.count()) === 0 ? 'not in the list' : await now.textContent();
    throw new Error(`${state} was awaited, the console says: ${said}`, { cause: error });
  });
  return row;
}

/** Changes settings on the page of a layer that is open; the preview is confirmed with a reason. */
export async function saveSettings(page: Page, why: string): Promise<void> {
  await page.getByTestId('settings-preview').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Perché').fill(why);
  await page.getByTestId('settings-save').click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByTestId('settings-version').first().getByText(why).waitFor();
}

/** Opens a folded part of the settings. */
export const unfold = (page: Page, title: string): Promise<void> =>
  page.locator('summary').filter({ hasText: title }).click();
