import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { Listener, lay, type Stage, take } from '../stage/index.ts';

/**
 * The screen is off: nothing of the page is read here, only the sentences that it asked the voice to say. Hands: the keypad, the
 * headset, the notice under the reader, the cards.
 */
const fromHomeToTheReceipt = async (stage: Stage): Promise<void> => {
  const { devices } = stage;
  const { pin } = await devices.holder('giulia');
  const notice = await devices.notice({ amountCents: 12_345, description: 'TARI 2026' });
  await devices.pos({ action: 'hold-card' });
  const mark = await stage.mark();
  const ear = await Listener.sit(stage);

  // the headset goes in: the welcome comes by itself, within two seconds
  const plugged = performance.now();
  await devices.keypad({ action: 'headset', plugged: true });
  await ear.hear('Ascolto acceso.');
  assert.ok(performance.now() - plugged < 2000, `the welcome came after ${performance.now() - plugged} ms`);
  await ear.hear('di cosa hai bisogno');
  await ear.hear(/Hai \d+ scelte: .*Paga un avviso/);

  // sign in with the card and its PIN
  await ear.choose('Entra con la carta');
  await ear.hear('la carta');
  await ear.hear('Il lettore della tua carta è in basso a destra.');
  await lay(stage, 'giulia');
  await ear.hear('Scrivi il PIN della carta.');
  for (const [at, digit] of [...pin].entries()) {
    await ear.type(digit);
    await ear.hear(`cifra ${at + 1} di 8`);
  }
  await ear.press('ok');
  await ear.hear('Giulia');
  await ear.hear('Prendi la carta');
  await take(stage);

  // pay a notice that is put under the reader
  await ear.choose('Vai ai servizi');
  await ear.hear('Giulia');
  await ear.choose('Paga un avviso');
  await ear.hear('Il lettore dei codici è in basso al centro.');
  await devices.scan(notice.qr);
  await ear.hear(/TARI 2026/);
  await ear.hear(/Paga 123,45\s€/);
  await ear.choose('Paga 123,45');
  await ear.hear('Il POS è in basso a destra.');
  await stage.cardAwaited();
  await stage.presentCard();
  await ear.hear(/Hai pagato 123,45\s€/, 20_000);
  await ear.hear('Lo scontrino esce in basso a sinistra.');

  // again, louder, and out
  await ear.press('volume-up');
  await ear.hear('Volume 5 di 10');
  await ear.press('repeat');
  await ear.hear(/Hai pagato 123,45\s€/);
  await ear.choose('Termina ed esci');
  await ear.hear('Grazie');
  await devices.keypad({ action: 'headset', plugged: false });
  await stage.on('home');

  await stage.money.prove(mark, {
    notice,
    charged: [12_345],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  assert.ok(
    ear.all.every((said) => said.private),
    'everything went into the headset alone',
  );
  assert.ok(
    ear.all.every((said) => !said.text.includes(pin)),
    'the PIN is never said',
  );
};

const toTheReceipt = scenario('with the screen off, from home to the receipt', fromHomeToTheReceipt, 180_000);

const pulledOut = scenario(
  'a headset that is pulled out stops the voice and covers the page',
  async (stage) => {
    const { devices } = stage;
    const notice = await devices.notice({ amountCents: 4_310, description: 'Mensa scolastica' });
    const ear = await Listener.sit(stage);
    await devices.keypad({ action: 'headset', plugged: true });
    await ear.hear('Ascolto acceso.');
    await devices.scan(notice.qr);
    await ear.hear(/43,10\s€/);
    await devices.keypad({ action: 'headset', plugged: false });
    await stage.button('covered').waitFor();
    const heard = ear.all.length;
    await stage.look('150-covered', { judged: true });
    assert.doesNotMatch((await stage.button('covered').textContent()) ?? '', /43,10|Mensa/);
    assert.equal(ear.all.length, heard, 'nothing more is said');
    await stage.tap('uncover');
    await stage.on('pay-check');
    await stage.tap('leave');
  },
);

export const byEar = [toTheReceipt, pulledOut];
