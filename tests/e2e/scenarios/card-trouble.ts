import assert from 'node:assert/strict';
import type { Fault } from '@jolly/simulators/card';
import { scenario } from '../scenario.ts';
import {
  apdusOf,
  enter,
  lay,
  layStrangeCard,
  type Stage,
  signIn,
  take,
  triesOf,
  typeDigits,
  written,
} from '../stage/index.ts';

const fault = (stage: Stage, wanted: Fault) => stage.devices.card({ action: 'fault', fault: wanted });
const heal = (stage: Stage) => stage.devices.card({ action: 'clear-faults' });

/** The bad-news page: its sentence, its facts and its code. */
async function told(stage: Stage, code: string, ...words: readonly string[]): Promise<void> {
  await stage.on('login-problem', 20_000);
  await stage.expectWords(...words, `PO-09-${code}`);
}

/** Nothing is wrong any more: the card leads on to its PIN. */
async function goesOn(stage: Stage, citizen = 'giulia'): Promise<void> {
  await heal(stage);
  await take(stage);
  await lay(stage, citizen);
  await stage.on('login-secret');
  await written(stage, 0);
  assert.equal((await triesOf(stage, citizen)).pin, 3);
}

const removed = scenario(
  'removed while read, and while the PIN is typed; another one comes',
  async (stage) => {
    await fault(stage, { kind: 'remove-at', apdu: 5 });
    await lay(stage, 'giulia');
    await told(stage, 'CARD-REMOVED', 'La carta si è mossa', 'non ti costa tentativi del PIN');
    await stage.look('110-card-removed');
    await goesOn(stage);
    await typeDigits(stage, '271');
    await take(stage);
    await told(stage, 'CARD-REMOVED', 'La carta si è mossa');
    await lay(stage, 'marco');
    await told(stage, 'CARD-OTHER', 'Non è la carta di prima', 'Rimetti la tua, oppure continua con questa');
    await stage.look('111-card-other', { judged: true });
    await goesOn(stage);
  },
);

const two = scenario('two cards', async (stage) => {
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  await lay(stage, 'marco', 1);
  await told(stage, 'CARD-TWO', 'Vedo più di una carta', 'Lascia sul lettore solo la tua');
  await stage.look('112-card-two', { judged: true });
  await stage.devices.card({ action: 'take', reader: 1 });
  await stage.on('login-secret');
  await written(stage, 0);
});

const unreadable = scenario('mute, or answering what no card answers', async (stage) => {
  await fault(stage, { kind: 'mute' });
  await lay(stage, 'giulia');
  await told(stage, 'CARD-MUTE', 'Non riesco a leggere la carta', 'Toglila, poi rimettila');
  await stage.look('113-card-unreadable');
  await goesOn(stage);
  for (const kind of ['endless', 'lying-length'] as const) {
    await take(stage);
    await told(stage, 'CARD-REMOVED');
    await fault(stage, { kind });
    await lay(stage, 'giulia');
    await stage.on('login-problem');
    await stage.expectWords('Non riesco a leggere la carta');
    await goesOn(stage);
  }
});

const unknown = scenario('neither identity nor health card', async (stage) => {
  const takeStrange = await layStrangeCard(stage);
  await told(stage, 'CARD-UNKNOWN', 'Non conosco questa carta', 'Serve la carta d’identità elettronica');
  await stage.look('114-card-unknown', { judged: true });
  takeStrange();
  await goesOn(stage);
});

const notGenuine = scenario('a copied card, a forged signature', async (stage) => {
  await fault(stage, { kind: 'clone' });
  await lay(stage, 'giulia');
  await told(stage, 'CARD-NOT-GENUINE', 'La carta non supera i controlli', 'Chiedi allo sportello');
  await stage.look('115-card-not-genuine');
  await heal(stage);
  await take(stage);
  await stage.tap('action-finish');
  await stage.on('home');
  await fault(stage, { kind: 'bad-sod' });
  await lay(stage, 'giulia');
  await told(stage, 'CARD-NOT-GENUINE', 'La carta non supera i controlli');
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 3, puk: 10 });
});

const channelBroken = scenario('protected channel broken: opened again, and no try lost', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  await fault(stage, { kind: 'wrong-mac' });
  await enter(stage, pin);
  await stage.on('signed-in');
  assert.deepEqual(await triesOf(stage, 'giulia'), { pin: 3, puk: 10 });
});

const tooSlow = scenario('a card that does not answer in time', async (stage) => {
  await fault(stage, { kind: 'slow', ms: 11_000 });
  await lay(stage, 'giulia');
  await told(stage, 'CARD-SLOW', 'La carta non ha risposto in tempo', 'tienila ferma');
  await stage.look('116-card-slow', { judged: true });
  await goesOn(stage);
});

/** Pulled away between the PIN and its answer: a wrong one first shows how many APDUs later that is. */
const uncertain = scenario('removed with the PIN on its way', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await lay(stage, 'giulia');
  await stage.on('login-secret');
  const before = await apdusOf(stage);
  await enter(stage, '90817263');
  await stage.expectWords('Hai ancora 2 tentativi.');
  const after = await apdusOf(stage);
  await fault(stage, { kind: 'remove-at', apdu: after + (after - before) });
  await enter(stage, pin);
  await told(stage, 'PIN-UNCERTAIN', 'Non so se la carta ha letto il PIN', 'Forse hai usato un tentativo');
  await stage.look('117-pin-uncertain');
  await lay(stage, 'giulia');
  await stage.tap('action-try-again');
  // warned as if it had counted
  await stage.on('login-last-try');
  await stage.tap('action-confirm-last-try');
  await enter(stage, pin);
  await stage.on('signed-in');
});

const ended = scenario('expired, revoked', async (stage) => {
  for (const [citizen, code, title, picture] of [
    ['expired', 'CERTIFICATE-EXPIRED', 'La carta è scaduta', '118-card-expired'],
    ['revoked', 'CERTIFICATE-REVOKED', 'La carta risulta annullata', '119-card-revoked'],
  ] as const) {
    const { pin } = await stage.devices.holder(citizen);
    await lay(stage, citizen);
    await enter(stage, pin);
    await told(stage, code, title, 'Per entrare ne serve una valida', 'Chiedi allo sportello');
    await stage.look(picture);
    await take(stage);
    await stage.tap('action-finish');
    await stage.on('home');
  }
});

const notTakenHere = scenario('a health card where only an identity card goes', async (stage) => {
  await stage.tap('sign-in');
  await stage.tap('action-forgot-pin');
  await stage.tap('action-unblock-pin');
  await stage.on('login-card');
  await stage.expectWords('Appoggia la tua carta d’identità', 'Il PIN cambia solo dentro la carta');
  await stage.look('120-login-card-unblock');
  await lay(stage, 'lucia');
  await told(stage, 'METHOD-NOT-ACCEPTED', 'Qui non si entra con questa carta');
  await stage.look('121-method-not-accepted');
});

const serverGone = scenario('server gone before the PIN is asked, and after it was typed', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await stage.demo.server.cut();
  await lay(stage, 'giulia');
  await stage.on('login-problem', 20_000);
  await stage.expectWords('Manca il collegamento', 'La carta è come prima');
  await stage.look('122-server-unreachable');
  await stage.demo.server.start();
  await stage.tap('action-try-again');
  await typeDigits(stage, pin);
  // a server that was born anew knows nothing of the challenge it gave
  await stage.demo.server.powerCut();
  await stage.tap('submit-secret');
  await told(stage, 'CHALLENGE-UNKNOWN', 'Manca il collegamento');
  await stage.look('123-challenge-gone');
  await stage.tap('action-try-again');
  await enter(stage, pin);
  await stage.on('signed-in');
  assert.equal((await triesOf(stage, 'giulia')).pin, 3);
});

const caGone = scenario('who keeps the list of revoked cards cannot be asked', async (stage) => {
  const { pin } = await stage.devices.holder('giulia');
  await stage.devices.card({ action: 'ca', reachable: false });
  // it has kept the list it got for the citizen before
  await stage.demo.server.powerCut();
  await lay(stage, 'giulia');
  await enter(stage, pin);
  await told(stage, 'REVOCATION-UNKNOWN', 'Manca il collegamento');
  await stage.devices.card({ action: 'ca', reachable: true });
  await stage.demo.server.powerCut();
  await stage.tap('action-try-again');
  await enter(stage, pin);
  await stage.on('signed-in');
});

const stillGood = scenario('and after all of it a citizen signs in', (stage) => signIn(stage, 'marco'));

export const cardTrouble = [
  removed,
  two,
  unreadable,
  unknown,
  notGenuine,
  channelBroken,
  tooSlow,
  uncertain,
  ended,
  notTakenHere,
  serverGone,
  caGone,
  stillGood,
];
