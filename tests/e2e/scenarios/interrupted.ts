import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { slipKind, until } from '../stage/index.ts';

const reload = scenario('a reload shows the same, at each step', async (stage) => {
  const { devices, page } = stage;
  const notice = await devices.notice({ amountCents: 5_151, description: 'Asilo nido' });
  const mark = await stage.mark();
  await devices.pos({ action: 'hold-card' });
  await stage.show(notice);
  await page.reload();
  await stage.on('pay-check');
  await stage.expectWords('51,51 €', 'Asilo nido');
  await stage.tap('consent');
  await stage.on('pay-card');
  await stage.cardAwaited();
  await page.reload();
  await stage.on('pay-card');
  await stage.expectWords('Aspetto la tua carta');
  await stage.presentCard();
  await stage.paid();
  const before = await page.locator('[data-testid="receipt-phone"] svg path').first().getAttribute('d');
  await page.reload();
  await stage.paid();
  await stage.expectWords('Hai pagato 51,51 €', 'Ecco la ricevuta');
  const after = await page.locator('[data-testid="receipt-phone"] svg path').first().getAttribute('d');
  assert.equal(after, before, 'the same code for the phone');
  await stage.money.prove(mark, {
    notice,
    charged: [5_151],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

const oneTimeAddress = scenario('the address of the screen opens once', async (stage) => {
  const answer = await fetch(stage.demo.kioskUrl, { redirect: 'manual' });
  assert.equal(answer.status, 403);
});

/** Dies while the card is awaited: nothing was charged, and a fresh start pays. */
const killedBeforeTheCard = scenario('runtime killed while the card is awaited', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 6_262 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await stage.powerCut();
  await stage.on('home');
  await stage.money.prove(mark, { notice, paid: 0, states: ['cancelled'] });
  await devices.pos({ action: 'reset' });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [6_262],
    paid: 1,
    states: ['confirmed', 'cancelled'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

/** Dies between the host's yes and the answer: the terminal of the bank remembers. */
const killedAfterTheCard = scenario('runtime killed while the bank answers', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 6_363 });
  const mark = await stage.mark();
  await devices.pos({ action: 'slow', ms: 2_500 });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.on('pay-card');
  await until('the bank is asked', async () => (await devices.posState()).phase === 'authorising');
  await stage.look('11-pay-card-authorising');
  await stage.demo.kiosk.powerCut();
  await until('the bank has charged', async () => (await devices.posState()).ledger.length > mark.movements);
  await stage.page.goto(stage.demo.kiosk.url);
  await until(
    'a charge that the node took, was given back, or is in a person’s hands',
    async () => {
      const [row] = await stage.console.payments(notice.noticeNumber);
      const { ledger } = await devices.posState();
      const since = ledger.slice(mark.movements).map(({ kind }) => kind);
      const items = (await stage.console.items()).filter(
        ({ kioskPaymentId }) => kioskPaymentId === row?.kioskPaymentId,
      );
      const slips = (await stage.money.slipsSince(mark)).map(slipKind);
      const kept = since.join() === 'charge';
      const registered = kept && row?.state === 'confirmed' && slips.includes('receipt');
      const returned = since.join() === 'charge,reversal' && row?.state !== 'confirmed';
      const handed = kept && items.length === 1;
      if (registered || returned || handed) return true;
      throw new Error(JSON.stringify({ since, state: row?.state, items: items.length, slips }));
    },
    15_000,
  );
});

const cableOutWithCard = scenario('card reader unplugged in the middle', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 8_484 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await devices.plug('pos', false);
  await stage.expectWords('Non so ancora');
  await until(
    'home knows',
    async () => (await stage.console.overview()).terminals[0]?.state !== 'in-service',
  );
  await stage.look('12-pos-unplugged');
  await devices.pos({ action: 'reset' });
  await devices.plug('pos', true);
  await stage.on('problem', 20_000);
  await stage.expectWords('Non ho visto la carta', 'Non hai pagato nulla');
  await stage.look('13-pos-back');
  // the notice is held for another card until the citizen goes
  await stage.tap('action-finish');
  await stage.on('goodbye');
  await stage.money.prove(mark, { notice, paid: 0, states: ['cancelled'], slips: ['uncertain'] });
});

export const interrupted = [
  reload,
  oneTimeAddress,
  killedBeforeTheCard,
  killedAfterTheCard,
  cableOutWithCard,
];
