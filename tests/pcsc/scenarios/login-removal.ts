import assert from 'node:assert/strict';
import type { HouseScenario } from '../act.ts';
import { type House, UNTRIED } from '../terminal/house.ts';

const VERIFY = 0x20;
const WRONG = '90817263';

/** Commands of giulia's login as they are counted since the card was laid, learnt from one that goes well. */
interface Way {
  readonly look: number;
  readonly verify: number;
  readonly all: number;
}

const ways = new WeakMap<House, Way>();

async function learn(house: House): Promise<Way> {
  const known = ways.get(house);
  if (known) return known;
  const { pin } = await house.cards.hold('giulia');
  await house.screen.type('cie-pin', pin);
  const look = house.wire.sinceLaid;
  await house.screen.enter('cie-pin');
  await house.greets(await house.cards.citizen('giulia'));
  const way = { look, verify: house.wire.ins.indexOf(VERIFY) + 1, all: house.wire.sinceLaid };
  assert.ok(way.look > 8 && way.verify > way.look && way.all > way.verify, JSON.stringify(way));
  ways.set(house, way);
  await house.begin();
  return way;
}

interface Place {
  readonly where: string;
  at(way: Way): number;
  readonly kind: 'card-removed' | 'pin-uncertain';
  /** Whether the PIN had been handed over. */
  readonly handed: boolean;
}

const places: readonly Place[] = [
  { where: 'at the first command', at: () => 1, kind: 'card-removed', handed: false },
  { where: 'in the middle of the look', at: ({ look }) => look >> 1, kind: 'card-removed', handed: false },
  { where: 'at the last of the look', at: ({ look }) => look, kind: 'card-removed', handed: false },
  { where: 'when the act begins', at: ({ look }) => look + 1, kind: 'card-removed', handed: false },
  { where: 'just before the PIN', at: ({ verify }) => verify - 1, kind: 'card-removed', handed: false },
  { where: 'with the PIN on its way', at: ({ verify }) => verify, kind: 'pin-uncertain', handed: true },
  { where: 'just after the PIN', at: ({ verify }) => verify + 1, kind: 'card-removed', handed: true },
  { where: 'at the last command', at: ({ all }) => all, kind: 'card-removed', handed: true },
];

export const removalScenarios: readonly HouseScenario[] = [
  ...places.map(
    ({ where, at, kind, handed }): HouseScenario => ({
      name: `removed: ${where}; laid again, the login goes on`,
      play: async (house) => {
        const { screen } = house;
        const way = await learn(house);
        const apdu = at(way);
        await house.cards.fault({ kind: 'remove-at', apdu });
        const { pin } = await house.cards.hold('giulia');
        if (apdu > way.look) await screen.submit('cie-pin', pin);
        await screen.on('login-problem', { kind });
        await house.books('giulia', UNTRIED, handed ? [VERIFY] : []);
        assert.equal(house.wire.sinceLaid, apdu);

        house.wire.forget();
        await house.empty();
        await house.cards.hold('giulia');
        // nothing goes on by itself after an uncertain PIN
        if (kind === 'pin-uncertain') await screen.choose('try-again');
        await screen.submit('cie-pin', pin);
        await house.greets(await house.cards.citizen('giulia'));
        await house.books('giulia', UNTRIED, [VERIFY]);
      },
    }),
  ),
  {
    name: 'removed: with a wrong PIN on its way; the try counted once and is warned of as if it had',
    play: async (house) => {
      const { screen } = house;
      const { verify } = await learn(house);
      const { pin } = await house.cards.hold('giulia');
      await screen.submit('cie-pin', WRONG);
      await screen.on('login-secret', { notice: 'wrong', triesLeft: 2 });
      // laid anew, its commands count anew
      await house.empty();
      await screen.on('login-problem', { kind: 'card-removed' });
      await house.cards.fault({ kind: 'remove-at', apdu: verify });
      await house.cards.hold('giulia');
      await screen.submit('cie-pin', WRONG);
      await screen.on('login-problem', { kind: 'pin-uncertain' });
      await house.books('giulia', { pin: 1, puk: 10 }, [VERIFY, VERIFY]);
      await house.empty();
      await house.cards.hold('giulia');
      await screen.choose('try-again');
      await screen.on('login-last-try');
      await screen.choose('confirm-last-try');
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY, VERIFY, VERIFY]);
    },
  },
  {
    name: 'removed: while the PIN is typed; what was typed is gone, and the same card goes on',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.cards.hold('giulia');
      await screen.type('cie-pin', pin.slice(0, 5));
      await house.empty();
      await screen.on('login-problem', { kind: 'card-removed' });
      await house.cards.hold('giulia');
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'removed: another card laid between look and PIN is noticed, and gets no PIN',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.cards.hold('giulia');
      await screen.type('cie-pin', pin);
      await house.empty();
      await screen.on('login-problem', { kind: 'card-removed' });
      await house.cards.hold('marco');
      await screen.on('login-problem', { kind: 'card-other' });
      await house.books('marco', UNTRIED, []);
      await house.empty();
      await house.cards.hold('giulia');
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'removed: swapped for another card between two looks of PC/SC, it gets no PIN either',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.cards.hold('giulia');
      await screen.type('cie-pin', pin);
      await house.cards.hold('marco');
      await screen.enter('cie-pin');
      await screen.on('login-problem');
      await house.books('marco', UNTRIED, []);
      await house.books('giulia', UNTRIED, []);
    },
  },
];
