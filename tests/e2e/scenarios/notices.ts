import { scenario } from '../scenario.ts';

const NOT_PAYABLE = [
  ['Già pagato', 'Questo avviso è già pagato', '40-notice-paid'],
  ['Scaduto', 'L’avviso è scaduto', '41-notice-expired'],
  ["Annullato dall'ente", 'L’ente ha ritirato questo avviso', '42-notice-revoked'],
  ['In corso', 'Qualcuno lo sta già pagando', '43-notice-in-progress'],
  ["Sconosciuto all'ente", 'Non trovo questo avviso', '44-notice-unknown'],
  ["L'ente non risponde", 'L’ente adesso non risponde', '45-creditor-silent'],
] as const;

const notPayable = scenario('notices that cannot be paid: each its page', async (stage) => {
  for (const [label, title, picture] of NOT_PAYABLE) {
    const notice = await stage.devices.seeded(label);
    const mark = await stage.mark();
    await stage.devices.scan(notice.qr);
    await stage.on('problem', 20_000);
    await stage.expectWords(title, 'Non hai pagato nulla');
    await stage.look(picture);
    await stage.money.prove(mark, { notice, paid: 0, states: [] });
    await stage.tap('leave');
    await stage.on('goodbye');
    await stage.on('home');
  }
});

const notANotice = scenario('a code that is no notice: says so, and waits for another', async (stage) => {
  await stage.tap('start-payment');
  await stage.on('pay-scan');
  await stage.devices.scan('https://www.comune.prato.it/');
  await stage.expectWords('Questo codice non è un avviso pagoPA');
  await stage.look('46-scan-refused');
});

const amountChanged = scenario('amount changed at activation: consent again', async (stage) => {
  const { devices } = stage;
  const order = {
    amountCents: 8_000,
    finalCents: 9_250,
    scenario: 'amount-changes',
    description: 'TARI saldo',
  };
  const agreed = await devices.notice(order);
  const mark = await stage.mark();
  await stage.show(agreed);
  await stage.tap('consent');
  await stage.on('pay-changed');
  await stage.expectWords('80,00 €', '92,50 €', '12,50 € in più', 'Non hai ancora pagato nulla');
  await stage.look('47-pay-changed');
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Hai pagato 92,50 €');
  await stage.money.prove(mark, {
    notice: agreed,
    charged: [9_250],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  await stage.tap('another-notice');
  const refused = await devices.notice(order);
  const again = await stage.mark();
  await stage.on('pay-scan');
  await stage.show(refused);
  await stage.tap('consent');
  await stage.on('pay-changed');
  await stage.tap('refuse');
  await stage.on('pay-scan');
  // KO to the node: the notice is free again at once
  await stage.money.prove(again, { notice: refused, paid: 0, states: ['cancelled'] });
});

const severalBeneficiaries = scenario('a notice of two beneficiaries', async (stage) => {
  const notice = await stage.devices.seeded('Due beneficiari');
  const mark = await stage.mark();
  await stage.show(notice);
  await stage.tap('consent');
  await stage.paid();
  await stage.money.prove(mark, {
    notice,
    charged: [12_000],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
});

export const withNotices = [notPayable, notANotice, amountChanged, severalBeneficiaries];
