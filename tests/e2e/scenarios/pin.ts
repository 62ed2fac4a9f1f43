import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { enter, lay, leave, signIn, takeWhenAsked, triesOf, typeKeys } from '../stage/index.ts';

const WRONG = '90817263';
const NEW = '58204913';

const threeTimesWrong = scenario('wrong PIN: told, confirmed, blocked, PUK, new PIN', async (stage) => {
  const { puk } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await enter(stage, WRONG);
  await stage.expectWords('Il PIN non è giusto.', 'Hai ancora 2 tentativi.');
  await stage.look('92-pin-wrong');
  await enter(stage, WRONG);
  await stage.on('login-last-try');
  await stage.expectWords('Resta un solo tentativo', 'Se sbagli il PIN si blocca');
  await stage.look('93-pin-last-try');
  // the last try is the citizen's to use: no key reaches the card before they say so
  await typeKeys(stage, WRONG);
  await stage.on('login-last-try');
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 1, puk: 10 });
  await stage.tap('action-confirm-last-try');
  await stage.on('login-secret');
  await stage.expectWords('Hai ancora 1 tentativo.', 'Mancano 8 cifre');
  await stage.look('94-pin-last-try-typed');
  await enter(stage, WRONG);
  await stage.on('login-problem');
  await stage.expectWords('Il PIN è bloccato', 'La carta vale ancora', 'Sblocca con il PUK');
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 0, puk: 10 });
  await stage.look('95-pin-blocked');
  await stage.tap('action-unblock-pin');
  await stage.on('login-secret');
  await stage.expectWords('Scrivi il PUK della carta', 'Metà è sulla ricevuta');
  await stage.look('96-puk');
  await enter(stage, WRONG);
  await stage.on('login-secret');
  await stage.expectWords('Scegli un PIN nuovo', 'Evita date e numeri facili');
  await stage.look('97-new-pin');
  await enter(stage, '12345678');
  await stage.expectWords('È troppo facile da indovinare');
  await stage.look('98-new-pin-too-simple', { judged: true });
  await enter(stage, NEW);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await stage.look('99-new-pin-again', { judged: true });
  await enter(stage, WRONG);
  await stage.expectWords('I due PIN non sono uguali');
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 0, puk: 10 }, 'nothing was sent yet');
  await enter(stage, NEW);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await enter(stage, NEW);
  await stage.expectWords('Il PUK non è giusto.', 'Hai ancora 9 tentativi.');
  await stage.look('100-puk-wrong', { judged: true });
  await enter(stage, puk);
  await stage.expectWords('Scegli un PIN nuovo');
  await enter(stage, NEW);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await enter(stage, NEW);
  await stage.on('pin-done');
  await stage.expectWords('Il PIN è sbloccato', 'Tienilo a mente');
  await stage.look('101-pin-unblocked');
  await stage.tap('action-continue');
  await stage.expectWords('Scrivi il PIN della carta');
  await enter(stage, NEW);
  await stage.on('signed-in');
  assert.equal((await triesOf(stage, 'giulia')).pin, 3);
});

const changed = scenario('PIN changed from the greeting', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await signIn(stage, 'giulia');
  await stage.tap('action-change-pin');
  await stage.expectWords('Scrivi il PIN di adesso');
  await stage.look('102-change-pin', { judged: true });
  await enter(stage, pin);
  await stage.expectWords('Scegli un PIN nuovo');
  await enter(stage, pin);
  await stage.expectWords('È uguale al PIN di prima');
  await enter(stage, NEW);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await enter(stage, NEW);
  await stage.on('pin-done');
  await stage.expectWords('Il PIN è cambiato', 'Accesso di Giulia Bianchi');
  await stage.look('103-pin-changed');
  assert.equal((await stage.devices.holder('giulia')).pin, NEW);
  await takeWhenAsked(stage);
  await stage.tap('action-continue');
  await stage.on('home');
  await stage.expectWords('Accesso di Giulia Bianchi');
  await leave(stage);
  await signIn(stage, 'giulia');
});

const blockedBefore = scenario('a card that comes with its PIN blocked', async (stage) => {
  const { pin, puk } = await stage.devices.holder('blocked');
  await lay(stage, 'blocked');
  await enter(stage, pin);
  await stage.on('login-problem');
  await stage.expectWords('Il PIN è bloccato');
  await stage.devices.card({ action: 'set-tries', citizen: 'blocked', puk: 0 });
  await stage.tap('action-unblock-pin');
  await enter(stage, puk);
  await stage.expectWords('Scegli un PIN nuovo');
  await enter(stage, NEW);
  await stage.expectWords('Scrivi di nuovo il PIN nuovo');
  await enter(stage, NEW);
  await stage.on('login-problem');
  await stage.expectWords('Il PUK è bloccato', 'serve lo sportello in Comune', 'PO-09-PUK-BLOCKED');
  await stage.look('104-puk-blocked');
});

const healthCardBlocked = scenario('health card blocked: its own office unblocks it', async (stage) => {
  await stage.devices.card({ action: 'set-tries', citizen: 'lucia', pin: 1 });
  await lay(stage, 'lucia');
  await enter(stage, '97531');
  await stage.on('login-problem');
  await stage.expectWords('Il PIN è bloccato', 'Lo sblocca lo sportello dell’ASL', 'La tessera vale ancora');
  assert.equal(await stage.button('action-unblock-pin').count(), 0, 'its PUK is not asked for here');
  await stage.look('105-pin-blocked-health-card', { judged: true });
});

/** Its chip knows no PACE: the six digits open nothing, and the PIN is as it was. */
const digitsOpenNothing = scenario('without PIN, with a card whose digits open nothing', async (stage) => {
  const { can = '' } = await stage.devices.holder('blocked');
  await lay(stage, 'blocked');
  await stage.on('login-secret');
  await stage.tap('action-without-pin');
  // the page before asks for digits too: they must not be typed there
  await stage.expectWords('Scrivi le 6 cifre');
  await enter(stage, can);
  await stage.on('login-problem');
  await stage.expectWords('Non riesco a leggere la carta', 'PO-09-CARD-ANSWER-INVALID');
  assert.deepEqual(await triesOf(stage, 'blocked'), { pin: 0, puk: 10 });
});

export const pins = [threeTimesWrong, changed, blockedBefore, digitsOpenNothing, healthCardBlocked];
