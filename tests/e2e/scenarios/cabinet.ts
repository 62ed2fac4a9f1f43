import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { until } from '../stage/index.ts';

const mainsLost = scenario(
  'mains lost during a payment: it is finished with its receipt, nothing new begins until they are back',
  async (stage) => {
    const { devices } = stage;
    const notice = await devices.notice({ amountCents: 4_141, description: 'Mensa' });
    const mark = await stage.mark();
    await stage.toTheCard(notice);
    await until('the card reader is lit', async () => {
      const lights = await devices.lights();
      return lights.payment?.colour === 'blue' && Object.keys(lights).length === 1;
    });
    await devices.cabinet({ action: 'power', power: 'battery' });
    await stage.presentCard();
    await stage.paid();
    await until('the slip is lit', async () => (await devices.lights()).receiptPrinter?.colour === 'green');
    await stage.tap('finish');
    await stage.on('home');
    await stage.expectWords('L’energia elettrica sta mancando');
    await until('the terminal is amber', async () => (await devices.lights()).status?.colour === 'yellow');
    await stage.look('60-home-on-battery');
    await stage.money.prove(mark, {
      notice,
      charged: [4_141],
      slips: ['receipt'],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
    });

    const next = await devices.notice({ amountCents: 4_242 });
    const before = await stage.mark();
    await devices.scan(next.qr);
    await stage.on('problem');
    await stage.expectWords('L’energia elettrica sta mancando', 'Non hai pagato nulla');
    await stage.look('61-refused-on-battery');
    await stage.tap('action-finish');
    await stage.on('home');
    await devices.cabinet({ action: 'power', power: 'mains' });
    await stage.expectWords('Paga un avviso');
    await stage.toTheCard(next);
    await stage.presentCard();
    await stage.paid();
    await stage.money.prove(before, {
      notice: next,
      charged: [4_242],
      slips: ['receipt'],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
    });
  },
);

const doorOpened = scenario(
  'the cabinet is opened: no payments, also for who has read a notice',
  async (stage) => {
    const { devices } = stage;
    const notice = await devices.notice({ amountCents: 4_343 });
    const mark = await stage.mark();
    await stage.show(notice);
    await devices.cabinet({ action: 'door', door: 'open' });
    await until('the office is told', async () => {
      const { terminals } = await stage.console.overview();
      return terminals[0]?.state === 'attention';
    });
    await stage.tap('consent');
    await stage.on('problem');
    await stage.expectWords('Il terminale è aperto per un controllo', 'Non hai pagato nulla');
    await stage.tap('action-finish');
    await stage.on('home');
    await stage.expectWords('Adesso qui non puoi pagare', 'Il terminale è aperto');
    await stage.look('62-home-door-open');
    await devices.scan(notice.qr);
    await stage.on('problem');
    await stage.tap('action-finish');
    await stage.on('home');
    assert.deepEqual(Object.keys(await devices.lights()), ['status']);
    await devices.cabinet({ action: 'door', door: 'closed' });
    await stage.expectWords('Paga un avviso');
    await stage.money.prove(mark, { notice, charged: [], paid: 0, states: ['verified'] });
  },
);

export const cabinet = [mainsLost, doorOpened];
