import { scenario } from '../scenario.ts';

const payWithFee = scenario(
  'a fee known after the activation: shown, agreed to, charged on top',
  async (stage) => {
    await stage.devices.milFee(150);
    const notice = await stage.devices.notice({ amountCents: 12_345, description: 'TARI 2026' });
    const mark = await stage.mark();
    await stage.show(notice);
    await stage.tap('consent');
    await stage.on('pay-changed');
    await stage.expectWords('124,95 €', 'Non hai ancora pagato nulla');
    await stage.tap('consent');
    await stage.paid();
    await stage.expectWords('Hai pagato 124,95 €');
    await stage.money.prove(mark, {
      notice,
      charged: [12_495],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
      slips: ['receipt'],
    });
  },
);

export const throughMil = [payWithFee];
