import assert from 'node:assert/strict';
import { sleep, systemClock } from '@jolly/contracts/values';
import { scenario } from '../scenario.ts';
import { jolly, look, press, type Stage } from '../stage/index.ts';

const journal = (stage: Stage, ...args: readonly string[]): Promise<string> =>
  jolly(stage, 'journal', ...args);

const byTouch = scenario('by touch, from home to goodbye', async (stage) => {
  const { devices } = stage;
  const notice = await devices.seeded('TARI 2026, seconda rata');
  const mark = await stage.mark();
  await stage.look('01-home');
  await stage.tap('start-payment');
  await stage.on('pay-scan');
  await stage.look('02-pay-scan');
  await devices.pos({ action: 'hold-card' });
  await stage.show(notice);
  await stage.expectWords('TARI 2026, seconda rata', 'Comune di Prato', '0,00 €', 'Paga 123,45 €');
  await stage.look('03-pay-check');
  await stage.tap('consent');
  await stage.on('pay-card');
  await stage.cardAwaited();
  await stage.expectWords('Aspetto la tua carta');
  await stage.look('04-pay-card');
  await stage.presentCard();
  await stage.paid();
  await stage.expectWords('Hai pagato 123,45 €', 'Ecco la ricevuta');
  await stage.page.locator('[data-testid="receipt-phone"] svg').waitFor();
  await stage.look('05-pay-done');
  await stage.money.prove(mark, {
    notice,
    charged: [12_345],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  const [slip] = await stage.money.slipsSince(mark);
  const text = slip?.text.replace(/\s+/g, ' ') ?? '';
  const iuv = notice.noticeNumber.slice(1);
  for (const words of ['123,45', 'IUV', 'Comune di Prato', 'Banca Dimostrativa', 'TARI 2026'])
    assert.ok(text.includes(words), `the receipt says ${words}: ${text}`);
  assert.ok(text.replaceAll(' ', '').includes(iuv), `the receipt names the IUV ${iuv}: ${text}`);
  await stage.tap('rate-4');
  await stage.on('rating-reason');
  await stage.look('06-rating-reason');
  await stage.tap('reason-clarity');
  await stage.on('goodbye');
  await stage.look('07-goodbye');
  await stage.on('home');

  const paid = await journal(stage, 'payments');
  assert.match(paid, new RegExp(`CONFIRMED.*123\\.45.*${notice.noticeNumber}.*yes`));
  assert.match(await journal(stage, 'verify'), /^whole/);
});

const onTheConsole = scenario('and the console shows it', async (stage) => {
  const page = await stage.openConsole();
  try {
    await page.getByText('Comune di Prato').first().waitFor();
    await page.getByTestId('demo-banner').waitFor();
    await page.getByTestId('terminal-row').first().waitFor();
    await look(page, '30-console-fleet');
    await page.goto(`${stage.demo.fleetUrl}/console/#/payments`);
    await page.getByText('123,45').first().waitFor();
    await look(page, '31-console-payments');
    for (const [name, hash] of [
      ['32-console-items', 'items'],
      ['33-console-match', 'match'],
    ] as const) {
      await page.goto(`${stage.demo.fleetUrl}/console/#/${hash}`);
      await page.locator('.panel').first().waitFor();
      await look(page, name);
    }
  } finally {
    await page.context().close();
  }
});

const byKeyboard = scenario('by keyboard alone', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 4_310, description: 'Mensa scolastica' });
  const mark = await stage.mark();
  await press(stage, 'start-payment');
  await stage.on('pay-scan');
  await press(stage, 'type-notice');
  await stage.on('pay-type');
  for (const digit of notice.noticeNumber) {
    await press(stage, `key-${digit}`);
    await sleep(systemClock, 100);
  }
  await stage.look('08-keyboard-focus');
  await press(stage, 'submit-notice');
  await stage.on('pay-check');
  await press(stage, 'consent');
  await stage.paid();
  await press(stage, 'finish');
  await stage.on('goodbye');
  await stage.money.prove(mark, {
    notice,
    charged: [4_310],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const typed = scenario('a typed notice, with a wrong check digit first', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 2_075, description: 'Lampade votive' });
  const mark = await stage.mark();
  await stage.tap('start-payment');
  await stage.tap('type-notice');
  await stage.on('pay-type');
  await stage.look('09-pay-type');
  const [last = '0'] = notice.noticeNumber.slice(-1);
  const wrong = String((Number(last) + 1) % 10);
  await stage.type(notice.noticeNumber.slice(0, -1));
  await stage.expectWords('Manca 1 cifra');
  await stage.tap(`key-${wrong}`);
  await stage.expectWords('Il numero non torna');
  await stage.look('10-pay-type-wrong');
  await stage.tapQuickly('submit-notice', 1); // greyed: it says why and does nothing
  await stage.on('pay-type');
  await stage.tap('key-erase');
  await stage.tap(`key-${last}`);
  await stage.expectWords('Il numero è completo');
  await stage.tap('submit-notice');
  await stage.on('pay-check');
  await stage.expectWords('20,75 €');
  await stage.tap('consent');
  await stage.paid();
  await stage.tap('finish');
  await stage.money.prove(mark, {
    notice,
    charged: [2_075],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const tenTaps = scenario('ten quick taps on Pay charge once', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 7_777 });
  const mark = await stage.mark();
  await stage.show(notice);
  await stage.tapQuickly('consent', 10);
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [7_777],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const twice = scenario('another notice in the same session', async (stage) => {
  const { devices } = stage;
  const first = await devices.notice({ amountCents: 1_010, description: 'Il primo' });
  const second = await devices.notice({ amountCents: 2_020, description: 'Il secondo' });
  const mark = await stage.mark();
  await stage.show(second);
  await stage.tap('another-notice');
  await stage.on('pay-scan');
  await stage.show(first);
  await stage.expectWords('10,10 €');
  await stage.tap('consent');
  await stage.paid();
  await stage.tap('another-notice');
  await stage.on('pay-scan');
  await stage.show(second);
  await stage.tap('consent');
  await stage.on('pay-done');
  await stage.expectWords('Hai pagato 20,20 €');
  await stage.paid();
  await stage.tap('reprint');
  await stage.money.prove(mark, {
    notice: second,
    charged: [1_010, 2_020],
    paid: 1,
    states: ['confirmed', 'verified'],
    receipt: 'printed',
    slips: ['receipt', 'receipt', 'duplicate'],
  });
});

export const paying = [byTouch, onTheConsole, byKeyboard, typed, tenTaps, twice];
