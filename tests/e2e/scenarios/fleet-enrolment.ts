import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { scenario } from '../scenario.ts';
import {
  type AnotherTerminal,
  go,
  look,
  MoreTerminals,
  order,
  reaches,
  rowOf,
  see,
  until,
} from '../stage/index.ts';

const fingerprintOf = async ({ page }: AnotherTerminal): Promise<string> => {
  const [found] =
    /[0-9a-f]{4}( [0-9a-f]{4}){2}/i.exec((await page.locator('main').textContent()) ?? '') ?? [];
  if (found === undefined) throw new Error('the screen shows no fingerprint');
  return found;
};

/** An id stays for ever: a story that is told again has other ones. */
let told = 20;
const nextId = (): string => `PO-${told++}`;

/** Types the code that the terminal shows, compares the keys, and takes it in under this name. */
async function takeIn(
  page: Page,
  terminal: AnotherTerminal,
  name: string,
  place: string | 'replaces',
): Promise<void> {
  await terminal.on('enrolment');
  const code = terminal.page.getByTestId('enrolment-code');
  await go(page, 'add');
  await page.getByTestId('enrol-code').fill((await code.textContent()) ?? '');
  await page.getByRole('button', { name: 'Cerca il terminale' }).click();
  const shown = (await page.getByTestId('fingerprint').textContent()) ?? '';
  assert.equal(shown.toLowerCase(), (await fingerprintOf(terminal)).toLowerCase());
  await page.getByLabel('Le due impronte sono uguali').check();
  await page.getByLabel('Codice del terminale').fill(name);
  if (place === 'replaces') await page.locator('input[name=replaces]').check();
  await page.getByLabel('Nome del luogo').fill(place === 'replaces' ? 'Biblioteca' : place);
  await look(page, `87-fleet-accept-${place === 'replaces' ? 'again' : 'first'}`);
  await page.getByRole('button', { name: 'Accetta il terminale' }).click();
  await see(page.getByTestId('standing'), 'In servizio', 25_000);
}

const byCode = scenario(
  'out of its box: code on the screen, fingerprint compared, accepted, live; then replaced, its history stays',
  (stage) =>
    MoreTerminals.beside(stage, async (more) => {
      const [first, page] = await Promise.all([more.start('first'), stage.openConsole()]);
      await first.on('enrolment');
      await first.page.getByTestId('enrolment-code').waitFor();
      await look(first.page, '88-enrolment');
      const id = nextId();
      await takeIn(page, first, id, 'Biblioteca');
      await first.on('home');
      const before = await stage.console.terminal(id);
      await reaches(page, await order(page, 'self-test'), 'done', 45_000);

      // the machine breaks; another one stands in its place
      await first.stop('SIGKILL');
      const second = await more.start('second');
      await takeIn(page, second, id, 'replaces');
      await second.on('home');
      const after = await stage.console.terminal(id);
      assert.equal(after.enrolment.enrolledAt, before.enrolment.enrolledAt);
      assert.notEqual(after.enrolment.fingerprint, before.enrolment.fingerprint);
      await page.locator('[data-testid=command-row][data-state=done]').waitFor();
      await look(page, '89-fleet-replaced', { judged: true });

      // it is taken out, and leaves nothing behind
      const wiped = await order(page, 'wipe', (dialog) => dialog.getByRole('textbox').fill(id));
      await reaches(page, wiped, 'done');
      await page.getByTestId('enrolment-decommission').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Perché').fill('Fine della prova');
      await dialog.getByRole('button', { name: 'Dismetti' }).click();
      await see(page, 'Dismesso');
      await page.context().close();
    }),
);

const copied = scenario(
  'a serial that was written down needs nobody; a copied folder is noticed, nobody pays; revoked',
  (stage) =>
    MoreTerminals.beside(stage, async (more) => {
      const page = await stage.openConsole();
      const [id, serial] = [nextId(), `SN-${Date.now()}`];
      await go(page, 'add');
      await page.getByRole('button', { name: 'Aggiungi', exact: true }).click();
      await page.getByLabel('Numero di serie').fill(serial);
      await page.locator('input[name=terminal]').last().fill(id);
      await page.getByRole('button', { name: 'Pre-autorizza' }).click();
      await see(page, serial);
      const whole = await more.start('whole', { serial });
      await whole.on('home', 20_000);
      await go(page, 'terminal', id);
      await see(page.getByTestId('standing'), 'In servizio', 20_000);
      assert.equal((await stage.console.terminal(id)).enrolment.serial, serial);

      const copy = await more.start('copy', { copyOf: whole.dataDir });
      await see(page, 'Due macchine sembrano usare la stessa chiave', 45_000);
      await look(page, '90-fleet-key-cloned');
      await until('an alert says so', async () =>
        (await stage.console.openAlerts()).some(({ rule }) => rule === 'key-cloned'),
      );
      // one reader is before both: neither begins a payment
      const notice = await stage.devices.notice({ amountCents: 1_700 });
      const mark = await stage.mark();
      await more.devices.scan(notice.qr);
      for (const [name, each] of Object.entries({ whole, copy })) {
        await each.on('problem');
        await see(each.page, 'Non hai pagato nulla');
        await look(each.page, `91-suspect-${name}`);
      }
      await stage.money.prove(mark, { notice, paid: 0, states: [] });
      await page.getByTestId('enrolment-revoke').click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Perché').fill('Disco copiato');
      await dialog.getByRole('button', { name: 'Revoca l’iscrizione' }).click();
      await see(page, 'Revocato');
      await until('the alert has healed', async () => (await stage.console.openAlerts()).length === 0);
      await go(page, 'fleet');
      await see(rowOf(page, id), 'Iscrizione revocata');
      await look(page, '92-fleet-revoked', { judged: true });
      await page.context().close();
    }),
);

export const fleetEnrolment = [byCode, copied];
