import assert from 'node:assert/strict';
import type { HouseScenario } from '../act.ts';
import { type House, UNTRIED } from '../terminal/house.ts';

const VERIFY = 0x20;
/** Of giulia's look and sign-in, as a login that goes well shows. */
async function lengths(house: House): Promise<{ look: number; verify: number }> {
  const { pin } = await house.cards.hold('giulia');
  await house.screen.type('cie-pin', pin);
  const look = house.wire.sinceLaid;
  await house.screen.enter('cie-pin');
  await house.greets(await house.cards.citizen('giulia'));
  const verify = house.wire.ins.indexOf(VERIFY) + 1;
  await house.begin();
  return { look, verify };
}

const noReader = (house: House, missing: boolean) =>
  house.screen.until(
    missing ? 'a terminal that says it has no reader' : 'a terminal with its reader',
    ({ limitations }) => limitations.includes('card-unavailable') === missing,
  );

/** The stack dies in the middle of a login, at that command; then it is back and the login goes on. */
const killedAt = (
  where: string,
  at: (way: { look: number; verify: number }) => number,
  kind: 'reader-unavailable' | 'pin-uncertain',
): HouseScenario => ({
  name: `reader: pcscd killed ${where}; it comes back, and so does the citizen`,
  play: async (house) => {
    const { screen, stage } = house;
    const way = await lengths(house);
    const apdu = at(way);
    let killed: Promise<void> | undefined;
    house.wire.insteadOf(apdu, () => {
      killed = stage.stopPcscd('SIGKILL');
    });
    const { pin } = await house.cards.hold('giulia');
    if (apdu > way.look) await screen.submit('cie-pin', pin);
    await screen.on('login-problem', { kind });
    await killed;
    await noReader(house, true);
    // the command never reached the card: no try is lost, whatever the citizen had to be told
    await house.books('giulia', UNTRIED, []);
    await house.cards.take();
    await stage.pcscd();
    await noReader(house, false);
    await screen.choose('try-again');
    await screen.on('login-card');
    await house.cards.hold('giulia');
    await screen.submit('cie-pin', pin);
    await house.greets(await house.cards.citizen('giulia'));
    await house.books('giulia', UNTRIED, [VERIFY]);
  },
});

export const readerScenarios: readonly HouseScenario[] = [
  {
    name: 'reader: pcscd stopped, started without its reader, and with it again',
    play: async (house) => {
      const { screen, stage } = house;
      await stage.stopPcscd('SIGTERM');
      await noReader(house, true);
      await screen.press({ type: 'sign-in' });
      await screen.on('login-problem', { kind: 'reader-unavailable' });
      await screen.choose('finish');
      await screen.on('home');
      await stage.pcscd({ reader: false });
      await screen.press({ type: 'sign-in' });
      await screen.on('login-problem', { kind: 'reader-unavailable' });
      await stage.restartPcscd();
      await noReader(house, false);
      await screen.choose('try-again');
      await screen.on('login-card');
      await house.signIn('giulia');
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'reader: pcscd restarted under a card that lies there while its PIN is typed',
    play: async (house) => {
      const { screen, stage } = house;
      const { pin } = await house.cards.hold('giulia');
      await screen.type('cie-pin', pin.slice(0, 4));
      await stage.restartPcscd();
      await screen.on('login-problem');
      await house.books('giulia', UNTRIED, []);
      await house.empty();
      await noReader(house, false);
      await screen.choose('try-again');
      await screen.on('login-card');
      await house.cards.hold('giulia');
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  killedAt('in the middle of the look', ({ look }) => look >> 1, 'reader-unavailable'),
  killedAt('just before the PIN', ({ verify }) => verify - 1, 'reader-unavailable'),
  killedAt('with the PIN on its way', ({ verify }) => verify, 'pin-uncertain'),
  {
    name: 'reader: cards in two readers; the one too many is taken and the login goes on',
    play: async (house) => {
      const { screen } = house;
      await screen.press({ type: 'sign-in' });
      await screen.on('login-card', { stage: 'waiting' });
      await house.cards.hold('marco', 1);
      const { pin } = await house.cards.hold('giulia', 0);
      await screen.on('login-problem', { kind: 'card-two' });
      await house.cards.take(1);
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
      await house.books('marco', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'reader: a second card while the PIN is typed; nothing is sent to either',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.cards.hold('giulia', 1);
      await screen.type('cie-pin', pin);
      await house.cards.hold('lucia', 0);
      await screen.on('login-problem', { kind: 'card-two' });
      await house.books('giulia', UNTRIED, []);
      await house.cards.take(0);
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'reader: a card left at the end is called for; then the reader must be free before the next citizen’s is read',
    play: async (house) => {
      const { screen } = house;
      await house.signIn('giulia');
      await screen.press({ type: 'leave' });
      const { secondsTotal } = await screen.on('card-left');
      assert.equal(screen.snapshot.citizen, undefined);
      await screen.on('home', {}, (secondsTotal + 3) * 1000);
      house.wire.forget();
      await screen.press({ type: 'sign-in' });
      await screen.on('login-card', { stage: 'take-off' });
      assert.deepEqual(house.wire.ins, [], 'nobody looks at the card of the one who left');
      await house.empty();
      await screen.on('login-card', { stage: 'waiting' });
      await house.signIn('marco');
      await house.books('marco', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'reader: a card taken in time after leaving, and the next citizen just lays theirs',
    play: async (house) => {
      const { screen } = house;
      await house.signIn('marco');
      await screen.press({ type: 'leave' });
      await screen.on('card-left');
      await house.empty();
      await screen.on('home');
      house.wire.forget();
      await house.signIn('giulia');
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
];
