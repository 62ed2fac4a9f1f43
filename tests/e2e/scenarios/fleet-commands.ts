import assert from 'node:assert/strict';
import { demoCity } from '@jolly/simulators/launcher';
import { scenario } from '../scenario.ts';
import { go, look, order, reaches, see, until } from '../stage/index.ts';

const { terminalId } = demoCity;

const gentle = scenario('commands that disturb nobody: each through to its end', async (stage) => {
  const page = await stage.openConsole();
  await go(page, 'terminal', terminalId);
  const slips = (await stage.devices.slips()).length;
  const printed = await order(page, 'print-test-page');
  await reaches(page, printed, 'done');
  const [slip] = (await stage.devices.slips()).slice(slips);
  assert.match(slip?.text ?? '', /PAGINA DI PROVA/);

  const volume = await order(page, 'set-volume', (dialog) => dialog.getByRole('slider').fill('25'));
  await reaches(page, volume, 'done');
  assert.equal(await stage.devices.loudness(), 0.25);

  const picture = await reaches(page, await order(page, 'screenshot'), 'done');
  await picture.getByTestId('attachment-open').click();
  await until('the picture is drawn', async () =>
    page.evaluate<boolean>(`document.querySelector('.screen-picture')?.naturalWidth > 300`),
  );
  await look(page, '80-fleet-screenshot');
  await page.keyboard.press('Escape');

  const logs = await reaches(page, await order(page, 'fetch-logs'), 'done');
  await logs.getByTestId('attachment-open').click();
  await see(page.locator('.log-lines'), /"event":"command-begun","kind":"screenshot"/);
  await look(page, '81-fleet-logs');
  await page.keyboard.press('Escape');

  const test = await reaches(page, await order(page, 'self-test'), 'done', 45_000);
  await see(test, 'a posto');
  const key = (await stage.console.terminal(terminalId)).enrolment.fingerprint;
  await reaches(page, await order(page, 'rotate-key'), 'done');
  assert.notEqual((await stage.console.terminal(terminalId)).enrolment.fingerprint, key);
  const host = await order(page, 'restart-host');
  await see(await reaches(page, host, 'refused'), 'non è previsto');
  await look(page, '82-fleet-commands', { judged: true });
  await page.context().close();
});

const disturbing = scenario(
  'out of service with a message and back, locked, restarted; nothing of it while a citizen is there',
  async (stage) => {
    const page = await stage.openConsole();
    await go(page, 'terminal', terminalId);
    const message = 'Il terminale più vicino è in Via Roma 100.';
    const out = await order(page, 'out-of-service', (dialog) =>
      dialog.getByLabel('Messaggio sullo schermo').fill(message),
    );
    await reaches(page, out, 'done');
    await stage.on('out-of-service');
    await stage.expectWords('Questo sportello adesso è fermo', message);
    await stage.look('83-out-of-service');
    await see(page.getByTestId('standing'), 'Messo fuori servizio');
    await look(page, '84-fleet-out-of-service', { judged: true });
    await reaches(page, await order(page, 'back-in-service'), 'done');
    await stage.on('home');
    await reaches(page, await order(page, 'lock'), 'done');
    await stage.on('out-of-service');
    await reaches(page, await order(page, 'unlock'), 'done');
    await stage.on('home');

    await stage.tap('start-payment');
    await stage.on('pay-scan');
    const waits = await order(page, 'restart-app');
    await reaches(page, waits, 'waiting');
    const { pid } = stage.demo.kiosk;
    await stage.on('pay-scan');
    await look(page, '85-fleet-command-waits', { judged: true });
    await stage.tap('leave');
    await reaches(page, waits, 'done');
    await until('another process is there', async () => stage.demo.kiosk.pid !== pid);
    await stage.on('home', 20_000);
    await see(page.getByTestId('standing'), 'In servizio');
    await page.context().close();
  },
);

const away = scenario('a terminal that is away gets its command when it is back', async (stage) => {
  const { demo } = stage;
  const page = await stage.openConsole();
  await go(page, 'terminal', terminalId);
  await page.getByTestId('command-self-test').waitFor();
  await demo.kiosk.cut();
  await see(page.getByTestId('standing'), 'Non risponde');
  const late = await order(page, 'print-test-page', (dialog) => see(dialog, 'Il terminale non è collegato'));
  await reaches(page, late, 'queued');
  await look(page, '86-fleet-offline', { judged: true });
  const { url } = await demo.kiosk.start();
  await stage.page.goto(url);
  await stage.on('home');
  await reaches(page, late, 'done');
  await page.context().close();
});

export const fleetCommands = [gentle, disturbing, away];
