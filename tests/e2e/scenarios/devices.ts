import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { until } from '../stage/index.ts';

const noReader = scenario('card reader missing: home says so, payment is refused up front', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 1_111 });
  const mark = await stage.mark();
  await devices.plug('pos', false);
  await stage.expectWords('Adesso qui non puoi pagare', 'Il lettore di carte è fermo');
  await stage.look('14-home-no-reader');
  await devices.scan(notice.qr);
  await stage.on('problem');
  await stage.expectWords('Non riesco a parlare con il lettore di carte', 'Non hai pagato nulla');
  await stage.look('15-refused-no-reader');
  await stage.tap('action-finish');
  await stage.on('goodbye');
  await devices.plug('pos', true);
  await stage.on('home');
  await stage.expectWords('Paga un avviso');
  await stage.money.prove(mark, { notice, paid: 0, states: [] });
});

const noPaperBefore = scenario('paper out before: the receipt on the phone, opened once', async (stage) => {
  const { devices, page } = stage;
  const notice = await devices.notice({ amountCents: 3_333, description: 'Scuolabus' });
  const mark = await stage.mark();
  await devices.printer({ action: 'paper-out' });
  await stage.expectWords('Stampante senza carta', 'ricevuta solo sul telefono');
  await stage.look('16-home-no-paper');
  await stage.show(notice);
  await stage.tap('consent');
  await stage.on('pay-no-paper');
  await stage.expectWords('Non hai pagato nulla');
  await stage.look('17-pay-no-paper');
  await stage.tap('accept-phone-receipt');
  await stage.on('pay-done');
  await page.locator('[data-testid="receipt-phone"] svg').waitFor();
  await stage.look('18-pay-done-phone');
  await stage.money.prove(mark, {
    notice,
    charged: [3_333],
    paid: 1,
    states: ['confirmed'],
  });
  const address = await stage.receiptAddress();
  const first = await fetch(address);
  assert.equal(first.status, 200);
  const text = await first.text();
  for (const words of ['33,33', 'Scuolabus', notice.noticeNumber.slice(1, 4)])
    assert.ok(text.includes(words), words);
  assert.equal((await fetch(address)).status, 410, 'the code opens once');
  // opened: the receipt has reached its citizen
  await stage.money.prove(mark, {
    notice,
    charged: [3_333],
    paid: 1,
    states: ['confirmed'],
    receipt: 'phone',
  });
});

const noPaperRefused = scenario('paper out before: who wants paper does not pay', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 3_434 });
  const mark = await stage.mark();
  await devices.printer({ action: 'paper-out' });
  await stage.expectWords('Stampante senza carta');
  await stage.show(notice);
  await stage.tap('consent');
  await stage.on('pay-no-paper');
  await stage.tap('refuse');
  await stage.on('pay-scan');
  await stage.money.prove(mark, { notice, paid: 0, states: ['verified'] });
});

const noPaperAfter = scenario(
  'paper out while printing: the phone has it, and paper when it is back',
  async (stage) => {
    const { devices, page } = stage;
    const notice = await devices.notice({ amountCents: 3_535 });
    const mark = await stage.mark();
    await devices.printer({ action: 'paper-out-after-lines', lines: 6 });
    await stage.show(notice);
    await stage.tap('consent');
    await stage.on('pay-done');
    await stage.expectWords('La stampante si è fermata');
    await page.locator('[data-testid="receipt-phone"] svg').waitFor();
    await stage.look('19-pay-done-printer-stopped');
    await stage.money.prove(mark, {
      notice,
      charged: [3_535],
      paid: 1,
      states: ['confirmed'],
    });
    const opened = await fetch(await stage.receiptAddress());
    assert.equal(opened.status, 200);
    assert.match(await opened.text(), /35,35/);
    await stage.money.prove(mark, {
      notice,
      charged: [3_535],
      paid: 1,
      states: ['confirmed'],
      receipt: 'phone',
    });
    await devices.printer({ action: 'load-paper' });
    await stage.tap('reprint');
    await stage.expectWords('Ecco la ricevuta');
    await until('paper came out', async () => (await stage.money.slipsSince(mark)).length > 0);
  },
);

const noBarcode = scenario('barcode reader missing: the number is typed', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 2_222 });
  const mark = await stage.mark();
  await devices.plug('barcode', false);
  await stage.expectWords('Il lettore di codici è fermo');
  await stage.tap('start-payment');
  await stage.on('pay-type');
  await stage.type(notice.noticeNumber);
  await stage.tap('submit-notice');
  await stage.on('pay-check');
  await stage.tap('consent');
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [2_222],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const declined = scenario('a declined card, then another', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 9_191, description: 'Palestra' });
  const mark = await stage.mark();
  await devices.pos({ action: 'decline', reason: 'FONDI INSUFFICIENTI' });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.on('problem');
  await stage.expectWords('La banca non ha autorizzato il pagamento', 'Non hai pagato nulla', '91,91 €');
  await stage.look('20-declined');
  await stage.tap('action-retry-card');
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [9_191],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const cancelled = scenario('cancelled by the red key while the card is awaited', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 9_292 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await stage.expectWords('premi il tasto rosso sul lettore');
  await devices.pos({ action: 'cancel-at-terminal' });
  await stage.on('problem');
  await stage.expectWords('Hai annullato il pagamento', 'Non hai pagato nulla');
  await stage.look('21-cancelled');
  await stage.tap('action-finish');
  await stage.on('goodbye');
  await stage.money.prove(mark, { notice, paid: 0, states: ['cancelled'] });
});

const lostAnswer = scenario('the bank charged and its answer was lost', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 9_393 });
  const mark = await stage.mark();
  await devices.pos({ action: 'lost-answer' });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [9_393],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

export const withDevices = [
  noReader,
  noPaperBefore,
  noPaperRefused,
  noPaperAfter,
  noBarcode,
  declined,
  cancelled,
  lostAnswer,
];
