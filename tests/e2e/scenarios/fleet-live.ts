import assert from 'node:assert/strict';
import { demoCity } from '@jolly/simulators/launcher';
import { scenario } from '../scenario.ts';
import { go, look, rowOf, see, until } from '../stage/index.ts';

const { terminalId, tenantId } = demoCity;

const unplugged = scenario(
  'the terminal is enrolled and live; its printer unplugged shows at once, one alert heals itself',
  async (stage) => {
    const fleet = await stage.openConsole();
    const row = rowOf(fleet, terminalId);
    await see(row, 'In servizio');
    const page = await fleet.context().newPage();
    await page.goto(`${stage.demo.fleetUrl}/console/#/terminal/${terminalId}`);
    await see(page.getByTestId('standing'), 'In servizio');
    await see(page, 'Iscritto');
    assert.equal(await page.locator('.k-faulty').count(), 0);
    await look(page, '70-fleet-terminal');

    // by hand, in the device panel
    const panel = await fleet.context().newPage();
    await panel.goto(stage.demo.panelUrl);
    const cable = panel.locator('.card-printer .cable[data-plugged]');
    await cable.click();
    await see(row, 'Stampante non raggiungibile');
    await see(page.getByTestId('device-printer'), 'Non raggiungibile');
    await page.locator('.k-faulty').waitFor();
    await look(page, '71-fleet-printer-unplugged', { judged: true });
    await go(fleet, 'alerts');
    await fleet.getByTestId('alert-row').first().waitFor();
    await look(fleet, '72-fleet-alert');
    const [alert, ...others] = await stage.console.openAlerts();
    assert.equal(alert?.rule, 'printer-unavailable');
    assert.deepEqual(others, []);

    await cable.click();
    await see(fleet, 'Nessun avviso aperto');
    await page.locator('.k-faulty').waitFor({ state: 'detached' });
    await see(page.getByTestId('standing'), 'In servizio');
    await go(fleet, 'alerts', 'healed');
    await fleet.locator('[data-rule=printer-unavailable]').waitFor();
    assert.equal(await fleet.locator('[data-rule=printer-unavailable]').count(), 1);
    await fleet.context().close();
  },
);

const works = scenario(
  'works: a window keeps alerts still, and everybody sees that it is closed',
  async (stage) => {
    const { devices } = stage;
    const page = await stage.openConsole();
    await go(page, 'alerts', 'maintenance');
    await page.getByLabel('Codice').fill(terminalId);
    await page.getByLabel('Motivo').fill('Cambio della stampante');
    await page.getByRole('button', { name: 'Segna i lavori' }).click();
    await see(page, 'In corso');
    await look(page, '73-fleet-works');
    await go(page, 'fleet');
    await see(rowOf(page, terminalId), 'In manutenzione');

    await devices.plug('printer', false);
    await go(page, 'terminal', terminalId);
    await page.locator('[data-testid=device-printer].faulty').waitFor();
    const everybody = await stage.openScreen(`${stage.demo.fleetUrl}/status/${tenantId}`);
    await until('the public page says so', async () => {
      await everybody.reload();
      return (await everybody.getByText('Fuori servizio').count()) > 0;
    });
    await look(everybody, '74-public-status');
    assert.deepEqual(await stage.console.openAlerts(), []);

    // still unplugged when the works are over: now it is told
    await go(page, 'alerts', 'maintenance');
    await page.getByRole('button', { name: 'Finisci adesso' }).click();
    await go(page, 'alerts');
    await page.locator('[data-rule=printer-unavailable]').waitFor();
    await devices.plug('printer', true);
    await see(page, 'Nessun avviso aperto');
    await page.context().close();
    await until('the public page has it back', async () => {
      await everybody.reload();
      return (await everybody.getByText('Fuori servizio').count()) === 0;
    });
    await everybody.context().close();
  },
);

export const fleetLive = [unplugged, works];
