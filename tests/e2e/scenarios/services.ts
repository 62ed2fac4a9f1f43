import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { type Notice, press, type Stage, until } from '../stage/index.ts';

const CODE = 'RSSMRA80A01H501U';

/** On the question with this title. */
async function question(stage: Stage, title: string): Promise<void> {
  await stage.on('service-field');
  await stage.expectWords(title);
}

const next = (stage: Stage) => stage.tap('submit-field');

/** Letters and digits on the glass, small or capital as the keys say. */
async function write(stage: Stage, text: string): Promise<void> {
  for (const sign of text.toLowerCase()) await stage.tap(sign === ' ' ? 'key-space' : `key-${sign}`);
}

async function chooseService(stage: Stage, id: string): Promise<void> {
  await stage.tap('open-services');
  await stage.on('service-list');
  await stage.tap(`choose-${id}`);
}

/** The notice that was made last, as a notice of the node. */
async function lastMade(stage: Stage): Promise<Notice> {
  const made = (await stage.devices.debtPositions()).at(-1);
  assert.ok(made, 'a debt position was made');
  return { ...made, qr: '', label: '' };
}

const identityCard = scenario('the fee of an identity card, from home to the receipt', async (stage) => {
  const mark = await stage.mark();
  await stage.tap('open-services');
  await stage.on('service-list');
  await stage.expectWords('Carta d’identità elettronica', 'Multe', 'Mensa scolastica');
  await stage.look('80-services');
  await stage.tap('choose-pagamenti.carta-identita');
  await question(stage, 'Perché la chiedi?');
  await stage.expectWords('22,21 €', '27,37 €', 'Scegli una risposta');
  await stage.tap('pick-first');
  await stage.look('81-service-choice');
  await next(stage);
  await question(stage, 'Codice fiscale di chi paga');
  await write(stage, CODE);
  await stage.expectWords(CODE);
  await stage.look('82-service-code');
  await next(stage);
  await question(stage, 'Nome e cognome di chi paga');
  await write(stage, 'maria rossi');
  await stage.expectWords('Maria Rossi');
  await next(stage);
  await stage.on('service-review');
  await stage.expectWords('Controlla i tuoi dati', 'Prima carta o rinnovo', CODE, 'Maria Rossi', '22,21 €');
  await stage.look('83-service-review');
  await stage.tap('submit-form');
  await stage.on('pay-check');
  await stage.expectWords('Carta d’identità elettronica, Prima carta o rinnovo', '22,21 €');
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Hai pagato 22,21 €');
  const notice = await lastMade(stage);
  assert.match(notice.noticeNumber, /^307/);
  await stage.money.prove(mark, {
    notice,
    charged: [2_221],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  const [slip] = await stage.money.slipsSince(mark);
  assert.doesNotMatch(slip?.text ?? '', /RSSMRA|Maria/, 'the receipt names nobody');
  await stage.tap('finish');
  await stage.on('goodbye');
  await stage.on('home');
});

const fine = scenario('a fine by its number, with a day that is not in the calendar', async (stage) => {
  const mark = await stage.mark();
  await press(stage, 'open-services');
  await stage.on('service-list');
  await press(stage, 'choose-pagamenti.multe');
  await question(stage, 'Numero del verbale');
  await stage.page.keyboard.type('48213', { delay: 120 });
  await press(stage, 'submit-field');
  await question(stage, 'Data del verbale');
  await stage.page.keyboard.type('31022026', { delay: 120 });
  await press(stage, 'submit-field');
  await stage.expectWords('Questo giorno non c’è nel calendario', '31 / 02 / 2026');
  await stage.look('84-service-wrong-date');
  await stage.tap('key-clear');
  await stage.page.keyboard.type('12092026', { delay: 120 });
  await stage.expectWords('12 / 09 / 2026');
  await next(stage);
  await question(stage, 'Targa');
  // back to the date, and it is still there
  await stage.tap('back');
  await question(stage, 'Data del verbale');
  await stage.expectWords('12 / 09 / 2026');
  await next(stage);
  await question(stage, 'Targa');
  await write(stage, 'ab123cd');
  await next(stage);
  await question(stage, 'Importo scritto sul verbale');
  await stage.type('294');
  await next(stage);
  await stage.expectWords('È troppo poco: almeno 10,00 €');
  await stage.tap('key-0');
  await next(stage);
  await stage.on('service-review');
  await stage.expectWords('48213', '12 settembre 2026', 'AB123CD', '29,40 €');
  await stage.tap('correct-plate');
  await question(stage, 'Targa');
  await stage.tap('key-erase');
  await stage.tap('key-e');
  await next(stage);
  await stage.on('service-review');
  await stage.expectWords('AB123CE');
  await stage.tap('submit-form');
  await stage.on('pay-check');
  // what was written is still there for who turns back
  await stage.tap('back');
  await stage.on('service-review');
  await stage.expectWords('AB123CE');
  await stage.tap('submit-form');
  await stage.on('pay-check');
  await stage.expectWords('Verbale 48213 del 12/09/2026, targa AB123CE');
  await stage.tap('consent');
  await stage.paid();
  const notice = await lastMade(stage);
  await stage.money.prove(mark, {
    notice,
    charged: [2_940],
    paid: 1,
    states: ['confirmed', 'verified'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  await stage.tap('finish');
});

const lostAnswer = scenario('the archive’s answer is lost: the same notice, and one of it', async (stage) => {
  const before = (await stage.devices.debtPositions()).length;
  await chooseService(stage, 'pagamenti.mensa');
  await question(stage, 'Codice del bambino');
  await stage.type('104512');
  await next(stage);
  await question(stage, 'Quanto vuoi caricare?');
  await stage.type('2500');
  await next(stage);
  await stage.on('service-review');
  await stage.devices.platform({ mode: 'drop-after', count: 1 });
  await stage.tap('submit-form');
  await stage.expectWords('Adesso non riesco a preparare l’avviso');
  await stage.look('85-service-trouble');
  await stage.tap('submit-form');
  await stage.on('pay-check');
  await stage.expectWords('Mensa scolastica, codice 104512', '25,00 €');
  assert.equal((await stage.devices.debtPositions()).length, before + 1);
});

const summary = scenario('two notices one after the other, with one summary', async (stage) => {
  const { devices } = stage;
  const first = await devices.notice({ amountCents: 1_010, description: 'Il primo' });
  const second = await devices.notice({ amountCents: 2_020, description: 'Il secondo' });
  const mark = await stage.mark();
  await stage.show(first);
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Termina ed esci');
  await stage.tap('another-notice');
  await stage.on('pay-scan');
  await stage.show(second);
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Vedi il riepilogo');
  await stage.tap('show-summary');
  await stage.on('pay-summary');
  await stage.expectWords(
    'Hai pagato 30,30 €',
    '2 pagamenti in questa visita',
    'Il primo',
    '10,10 €',
    'Il secondo',
  );
  await stage.look('86-pay-summary');
  await stage.tap('print-summary');
  await stage.expectWords('Ecco il riepilogo. Non è una ricevuta');
  const slips = await stage.money.slipsSince(mark);
  const text = slips.at(-1)?.text.replace(/\s+/g, ' ') ?? '';
  for (const words of [
    'RIEPILOGO',
    'Non è una ricevuta',
    'Il primo',
    '10,10',
    'Il secondo',
    '20,20',
    '30,30',
  ])
    assert.ok(text.includes(words), `the summary says ${words}: ${text}`);
  for (const notice of [first, second]) {
    await stage.money.prove(mark, {
      notice,
      charged: [1_010, 2_020],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
      slips: ['receipt', 'receipt'],
    });
  }
  await stage.tap('finish');
  await stage.on('goodbye');
  await stage.on('home');
  // nothing of it is left for who comes next
  const third = await devices.notice({ amountCents: 330 });
  await stage.show(third);
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Termina ed esci');
  await stage.tap('finish');
});

const onThePhone = scenario(
  'finishing on the phone: nothing is locked, and the notice is paid there',
  async (stage) => {
    const notice = await stage.devices.notice({ amountCents: 4_550, description: 'Asilo nido' });
    const mark = await stage.mark();
    await stage.show(notice);
    await stage.tap('pay-on-phone');
    await stage.on('pay-on-phone');
    await stage.page.locator('[data-testid="cart"] svg').waitFor();
    await stage.look('87-pay-on-phone');
    const url = await stage.code('cart');
    const page = await (await fetch(url)).text();
    assert.match(page, /Asilo nido.*45,50 €/s);
    // who changes their mind pays here
    await stage.tap('pay-here');
    await stage.on('pay-check');
    await stage.tap('pay-on-phone');
    await stage.on('pay-on-phone');
    assert.match(await (await fetch(url, { method: 'POST' })).text(), /Hai pagato/);
    await until('the node has it paid', async () => {
      const { paid } = await stage.devices.ledger();
      return paid.some(({ noticeNumber }) => noticeNumber === notice.noticeNumber);
    });
    // and who then pays here all the same is told in time
    await stage.tap('pay-here');
    await stage.on('pay-check');
    await stage.tap('consent');
    await stage.on('problem');
    await stage.expectWords('Questo avviso è già pagato', 'Non hai pagato nulla');
    await stage.money.prove(mark, { notice, paid: 0, states: ['activation-failed'] });
  },
);

const noCart = scenario('no code for the phone: says so, and the card is still there', async (stage) => {
  const notice = await stage.devices.notice({ amountCents: 1_230 });
  await stage.devices.platform({ mode: 'http-500', count: 1 });
  await stage.show(notice);
  await stage.tap('pay-on-phone');
  await stage.expectWords('Adesso non riesco a preparare il codice', 'Non hai pagato nulla');
  await stage.tap('pay-on-phone');
  await stage.on('pay-on-phone');
  await stage.page.locator('[data-testid="cart"] svg').waitFor();
  await stage.tap('pay-here');
  await stage.on('pay-check');
  await stage.tap('pay-on-phone');
  await stage.on('pay-on-phone');
  await stage.tap('finish');
  await stage.on('goodbye');
  await stage.on('home');
});

export const withServices = [identityCard, fine, lostAnswer, summary, onThePhone, noCart];
