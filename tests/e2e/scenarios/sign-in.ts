import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import {
  enter,
  lay,
  leave,
  quick,
  type Stage,
  signIn,
  slow,
  take,
  takeWhenAsked,
  triesOf,
  typeDigits,
  written,
} from '../stage/index.ts';

/** Nothing on the glass, nor under it in the page, names them. */
async function nobodyHere(stage: Stage, ...names: readonly string[]): Promise<void> {
  const page = await stage.page.content();
  for (const name of names) assert.ok(!page.includes(name), `${name} is still on the page`);
  await stage.button('sign-in').waitFor();
}

const byTouch = scenario('identity card laid at home: PIN, greeting, services, leave', async (stage) => {
  await slow(stage, 500);
  await lay(stage, 'giulia');
  await stage.on('login-card');
  await stage.expectWords('Leggo la carta…', 'Dopo l’uscita qui non resta nulla');
  await stage.look('71-login-reading');
  await quick(stage);
  await stage.on('login-secret');
  await stage.expectWords('Scrivi il PIN della carta', 'Sono 8 cifre', 'Mancano 8 cifre');
  await stage.look('72-login-pin');
  const { pin } = await stage.devices.holder('giulia');
  await typeDigits(stage, pin.slice(0, 5));
  await stage.expectWords('Mancano 3 cifre');
  await stage.look('73-login-pin-half');
  await typeDigits(stage, pin.slice(5));
  await slow(stage, 500);
  await stage.tap('submit-secret');
  await stage.on('login-working');
  await stage.expectWords('Tieni ferma la carta', 'La carta controlla il PIN');
  await stage.look('74-login-working');
  await quick(stage);
  await stage.on('signed-in');
  await stage.expectWords('Giulia', 'Accesso fatto con la carta d’identità', 'Giulia Bianchi');
  await stage.look('75-signed-in');
  await takeWhenAsked(stage);
  await stage.look('76-signed-in-card-taken', { judged: true });
  await stage.tap('action-continue');
  await stage.on('home');
  await stage.expectWords('Accesso di Giulia Bianchi', 'Esci');
  await stage.look('77-home-signed-in');
  await stage.tap('leave');
  await stage.on('goodbye');
  await stage.on('home');
  await nobodyHere(stage, 'Giulia', 'Bianchi');
});

const byHealthCard = scenario('from home’s own entry, with the health card left behind', async (stage) => {
  await stage.tap('sign-in');
  await stage.on('login-card');
  await stage.expectWords('Appoggia o inserisci la carta', 'Aspetto la carta…', 'Il lettore è qui sotto');
  await stage.look('70-login-card');
  await lay(stage, 'lucia');
  await stage.on('login-secret');
  await stage.expectWords('Scrivi il PIN della tessera', 'Sono da 5 a 8 cifre', 'Mancano 5 cifre');
  await stage.look('78-login-pin-health-card');
  const { pin } = await stage.devices.holder('lucia');
  await enter(stage, pin);
  await stage.on('signed-in');
  await stage.expectWords('Accesso fatto con la tessera sanitaria', 'Lucia Moretti');
  assert.equal(await stage.button('action-change-pin').count(), 0, 'its PIN is not changed here');
  await stage.look('79-signed-in-health-card', { judged: true });
  await stage.tap('leave');
  await stage.on('card-left');
  await stage.expectWords('Riprendi la tua', 'Ho chiuso e cancellato tutto');
  assert.ok(!(await stage.page.content()).includes('Lucia'), 'who owns the card is not called out');
  await stage.look('80-card-left');
  await take(stage);
  await stage.on('home');
  await nobodyHere(stage, 'Lucia', 'Moretti');
});

/** Needs a terminal that calls for a forgotten card for 5 s. */
const forgottenCard = scenario(
  'card never taken: closed, and the next citizen takes it off',
  async (stage) => {
    await signIn(stage, 'marco');
    await stage.expectWords("Marco Niccolò D'Alò");
    await stage.look('81-signed-in-long-name');
    await stage.tap('leave');
    await stage.on('card-left');
    await stage.on('home');
    await nobodyHere(stage, 'Marco', 'Niccolò', 'Alò');
    await stage.tap('sign-in');
    await stage.on('login-card');
    await stage.expectWords('Libera prima il lettore', 'Aspetto che il lettore sia libero…');
    await stage.look('82-login-take-off');
    await take(stage);
    await stage.expectWords('Aspetto la carta…');
    await lay(stage, 'giulia');
    await stage.on('login-secret');
  },
);

const withoutPin = scenario('without PIN, by the six digits on the card', async (stage) => {
  const { can = '' } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  await stage.tap('action-without-pin');
  await stage.expectWords('Scrivi le 6 cifre della carta', 'in basso a destra');
  await stage.look('83-login-can');
  await enter(stage, [...can].reverse().join(''));
  await stage.on('login-problem');
  await stage.expectWords('Le 6 cifre non sono giuste', 'La carta non si blocca', 'PO-09-CAN-WRONG');
  await stage.look('84-can-wrong');
  await stage.tap('action-try-again');
  await enter(stage, can);
  await stage.on('signed-in');
  await stage.expectWords('Accesso fatto con la carta d’identità, senza PIN', 'Giulia Bianchi');
  await stage.look('85-signed-in-without-pin', { judged: true });
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 3, puk: 10 });
});

const otherWays = scenario('“I have no card”, “I forgot the PIN”', async (stage) => {
  await stage.tap('sign-in');
  await stage.tap('action-no-card');
  await stage.on('login-other-ways');
  await stage.expectWords('Che cosa puoi fare senza carta', 'Paga un avviso');
  await stage.look('86-no-card');
  await stage.tap('back-door');
  await stage.on('login-card');
  await stage.tap('action-forgot-pin');
  await stage.on('login-other-ways');
  await stage.expectWords('Dove trovi il PIN', 'Le prime 4 cifre', 'Sblocca con il PUK');
  await stage.look('87-forgot-pin');
  await stage.tap('back');
  await stage.on('login-card');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  await stage.tap('action-forgot-pin');
  await stage.on('login-other-ways');
  await stage.tap('back');
  await stage.on('login-secret');
});

const languageInTheMiddle = scenario('language changed with half a PIN written', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await typeDigits(stage, pin.slice(0, 3));
  await stage.tap('open-languages');
  await stage.button('language-en').waitFor();
  // a key under the sheet writes nothing
  await stage.page.keyboard.press('7');
  await stage.tap('language-en');
  await stage.expectWords('5 digits');
  await written(stage, 3);
  await stage.look('88-login-pin-english', { judged: true });
  await enter(stage, pin.slice(3));
  await stage.on('signed-in');
  await stage.look('89-signed-in-english', { judged: true });
  await stage.tap('leave');
  await stage.on('card-left');
  await take(stage);
  await stage.on('home');
  await stage.expectWords('Paga un avviso');
});

const reload = scenario('reload with half a PIN written', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await typeDigits(stage, pin.slice(0, 4));
  await stage.page.reload();
  await stage.on('login-secret');
  await written(stage, 4);
  await enter(stage, pin.slice(4));
  await stage.on('signed-in');
  await stage.page.reload();
  await stage.on('signed-in');
  await stage.expectWords('Giulia Bianchi');
});

const tenTaps = scenario('ten quick taps hand a wrong PIN over once', async (stage) => {
  await lay(stage, 'giulia');
  await typeDigits(stage, '90817263');
  await stage.tapQuickly('submit-secret', 10);
  await stage.expectWords('Il PIN non è giusto.', 'Hai ancora 2 tentativi.');
  await written(stage, 0);
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 2, puk: 10 });
});

const paying = scenario('a notice paid while signed in: the name stays above', async (stage) => {
  const notice = await stage.devices.notice({ amountCents: 6_060, description: 'Trasporto scolastico' });
  const mark = await stage.mark();
  await signIn(stage, 'giulia');
  await takeWhenAsked(stage);
  await stage.tap('action-continue');
  await stage.on('home');
  await stage.show(notice);
  await stage.expectWords('Accesso di Giulia Bianchi', '60,60 €');
  await stage.look('90-pay-check-signed-in', { judged: true });
  await stage.tap('consent');
  await stage.paid();
  await stage.expectWords('Accesso di Giulia Bianchi');
  await stage.look('91-pay-done-signed-in');
  await leave(stage);
  await nobodyHere(stage, 'Giulia', 'Bianchi');
  await stage.money.prove(mark, {
    notice,
    charged: [6_060],
    paid: 1,
    states: ['confirmed'],
    receipt: 'printed',
    slips: ['receipt'],
  });
  const [slip] = await stage.money.slipsSince(mark);
  assert.doesNotMatch(slip?.text ?? '', /Giulia|Bianchi|BNCGLI/i, 'the receipt names nobody');
});

const powerCut = scenario('power cut while signed in: nobody is', async (stage) => {
  await signIn(stage, 'giulia');
  await takeWhenAsked(stage);
  await stage.powerCut();
  await stage.on('home');
  await nobodyHere(stage, 'Giulia', 'Bianchi');
  await signIn(stage, 'marco');
});

export const signingIn = [
  byTouch,
  byHealthCard,
  forgottenCard,
  withoutPin,
  otherWays,
  languageInTheMiddle,
  reload,
  tenTaps,
  paying,
  powerCut,
];
