import assert from 'node:assert/strict';
import { demoCity } from '@jolly/simulators/launcher';
import { scenario } from '../scenario.ts';
import { go, look, saveSettings, see, unfold, until } from '../stage/index.ts';

const { terminalId } = demoCity;

const settings = scenario(
  'settings hold at the terminal at once; bad ones are refused with the reasons, and taken back',
  async (stage) => {
    const page = await stage.openConsole();
    const setting = (path: string) => page.getByTestId(`setting-${path}`);
    await go(page, 'settings', 'terminal', terminalId);
    await setting('services.login').locator('input').uncheck();
    await unfold(page, 'Lingue');
    const add = page.getByLabel('Aggiungi una lingua');
    for (const language of ['it', 'en', 'de']) await add.selectOption(language);
    await unfold(page, 'Notizia del Comune');
    await page.getByLabel('Titolo in italiano').fill('Sabato mattina chiuso');
    await page.getByLabel('Testo in italiano').fill('Il 5 dicembre gli sportelli restano chiusi.');
    await unfold(page, 'Voce, aiuto e attese');
    await setting('volume').locator('input').fill('40');
    await setting('idle.warnAfterSeconds').locator('input').fill('5');
    await page.getByTestId('settings-preview').click();
    await page.getByTestId('diff-line').first().waitFor();
    await look(page, '75-settings-diff');
    await page.getByRole('button', { name: 'Torna alle modifiche' }).click();
    await saveSettings(page, 'Chiusura del ponte');

    await stage.button('news').waitFor();
    await stage.expectWords('Sabato mattina chiuso');
    assert.equal(await stage.button('sign-in').count(), 0, 'nobody is offered to sign in');
    await stage.look('76-home-with-news');
    await stage.tap('read-news');
    await stage.on('city-news');
    await stage.expectWords('gli sportelli restano chiusi');
    await stage.look('77-city-news');
    await stage.tap('back-door');
    await stage.on('home');
    await until('the amplifier is as loud as was said', async () => (await stage.devices.loudness()) === 0.4);
    await stage.tap('start-payment');
    await stage.tap('open-languages');
    await stage.button('language-de').waitFor();
    assert.equal(await stage.page.locator('[data-testid^=language-]').count(), 3);
    await stage.tap('close-languages');
    await stage.button('idle').waitFor({ timeout: 9_000 });
    await stage.tap('idle-leave');
    await stage.on('home');

    // a printer that no driver of this terminal knows
    await unfold(page, 'Dispositivi e misure');
    const printer = page.getByRole('textbox', { name: 'Stampante' });
    await printer.fill('fax:/dev/ttyS7');
    await saveSettings(page, 'Stampante nuova');
    const refused = page.getByTestId('settings-refused');
    await see(refused, 'devices.printer');
    await refused.scrollIntoViewIfNeeded();
    await look(page, '78-settings-refused', { judged: true });
    await page.locator('[data-testid=settings-version] summary').nth(1).click();
    await stage.expectWords('Sabato mattina chiuso');
    await until('an alert says so', async () => {
      const rules = (await stage.console.openAlerts()).map(({ rule }) => rule);
      return rules.includes('settings-refused');
    });

    await page.getByRole('button', { name: /^Torna alla versione/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Perché').fill('Era sbagliata');
    await dialog.getByRole('button', { name: /^Torna alla versione/ }).click();
    await refused.waitFor({ state: 'detached' });
    await see(page, 'In vigore');
    await until('the alert has healed', async () => (await stage.console.openAlerts()).length === 0);
    await stage.expectWords('Sabato mattina chiuso');

    await stage.console.forgetSettings(terminalId);
    await stage.button('news').waitFor({ state: 'detached' });
    await stage.button('sign-in').waitFor();
    await page.context().close();
  },
);

export const fleetSettings = [settings];
