import assert from 'node:assert/strict';
import type { HouseScenario } from '../act.ts';
import { UNTRIED } from '../terminal/house.ts';

const VERIFY = 0x20;
const CHANGE = 0x24;
const UNBLOCK = 0x2c;
const WRONG = '90817263';
const NEW = '50617283';

const rightPin = (id: string): HouseScenario => ({
  name: `login: ${id} holds the card, types the PIN and is greeted by name`,
  play: async (house) => {
    const { screen } = house;
    await house.signIn(id);
    assert.equal(screen.snapshot.citizen?.level, 'pin');
    const { card } = await house.cards.citizen(id);
    await house.books(id, UNTRIED, [VERIFY]);
    await house.cards.take();
    await screen.on('signed-in', { takeCard: false });
    await screen.choose('continue');
    await screen.on('home');
    assert.ok(screen.snapshot.citizen, 'still signed in on the way to the services');
    await screen.press({ type: 'leave' });
    await screen.on('goodbye');
    assert.equal(screen.snapshot.citizen, undefined);
    const working = screen.pages.filter((page) => page.name === 'login-working' && page.card === card);
    assert.ok(working.length >= 3, 'the steps were shown');
    await house.books(id, UNTRIED, [VERIFY]);
  },
});

/** Three times the wrong one, by way of the last try. */
export const pinScenarios: readonly HouseScenario[] = [
  ...['giulia', 'marco', 'lucia', 'old-cns'].map(rightPin),
  {
    name: 'pin: wrong once and twice; the last try is confirmed before anything goes to the card; the right one restores all',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.cards.hold('giulia');
      await screen.submit('cie-pin', WRONG);
      await screen.on('login-secret', { notice: 'wrong', triesLeft: 2 });
      await house.books('giulia', { pin: 2, puk: 10 }, [VERIFY]);
      await screen.submit('cie-pin', WRONG);
      await screen.on('login-last-try', { field: 'cie-pin' });
      const before = house.wire.ins.length;
      // keys and enter under the warning go nowhere
      await screen.enter('cie-pin');
      await screen.choose('confirm-last-try');
      await screen.type('cie-pin', pin);
      assert.equal(house.wire.ins.length, before, 'nothing went to the card while the citizen decided');
      await house.books('giulia', { pin: 1, puk: 10 }, [VERIFY, VERIFY]);
      await screen.enter('cie-pin');
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY, VERIFY, VERIFY]);
    },
  },
  {
    name: 'pin: wrong three times is blocked; the PUK and a new PIN cure it, and the new PIN signs in',
    play: async (house) => {
      const { screen } = house;
      const { puk = '' } = await house.cards.hold('giulia');
      for (const left of [2, 1]) {
        await screen.submit('cie-pin', WRONG);
        if (left === 2) await screen.on('login-secret', { notice: 'wrong', triesLeft: 2 });
      }
      await screen.on('login-last-try');
      await screen.choose('confirm-last-try');
      await screen.submit('cie-pin', WRONG);
      await screen.on('login-problem', { kind: 'pin-blocked', card: 'cie' });
      await house.books('giulia', { pin: 0, puk: 10 }, [VERIFY, VERIFY, VERIFY]);

      house.wire.forget();
      await screen.choose('unblock-pin');
      await screen.submit('cie-puk', puk);
      await screen.submit('cie-new-pin', NEW);
      await screen.submit('cie-new-pin-again', NEW);
      await screen.on('pin-done', { what: 'unblocked' });
      await house.books('giulia', UNTRIED, [VERIFY, UNBLOCK]);

      house.wire.forget();
      await screen.choose('continue');
      await screen.submit('cie-pin', NEW);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  {
    name: 'pin: a card that was blocked before; a wrong PUK costs one of its tries, the right one opens it',
    play: async (house) => {
      const { screen } = house;
      const { pin, puk = '' } = await house.cards.hold('blocked');
      await screen.submit('cie-pin', pin);
      await screen.on('login-problem', { kind: 'pin-blocked' });
      await house.books('blocked', { pin: 0, puk: 10 }, [VERIFY]);
      await screen.choose('unblock-pin');
      house.wire.forget();
      await screen.submit('cie-puk', WRONG);
      await screen.submit('cie-new-pin', NEW);
      await screen.submit('cie-new-pin-again', NEW);
      await screen.on('login-secret', { field: 'cie-puk', notice: 'wrong', triesLeft: 9 });
      await house.books('blocked', { pin: 0, puk: 9 }, [VERIFY]);
      house.wire.forget();
      await screen.submit('cie-puk', puk);
      await screen.submit('cie-new-pin', NEW);
      await screen.submit('cie-new-pin-again', NEW);
      await screen.on('pin-done', { what: 'unblocked' });
      await house.books('blocked', UNTRIED, [VERIFY, UNBLOCK]);
    },
  },
  {
    name: 'pin: the last wrong PUK blocks it, and only the counter helps',
    play: async (house) => {
      const { screen } = house;
      await house.cards.act({ action: 'set-tries', citizen: 'blocked', puk: 2 });
      const { pin } = await house.cards.hold('blocked');
      await screen.submit('cie-pin', pin);
      await screen.on('login-problem', { kind: 'pin-blocked' });
      await screen.choose('unblock-pin');
      house.wire.forget();
      const wrongPuk = async () => {
        await screen.submit('cie-puk', WRONG);
        await screen.submit('cie-new-pin', NEW);
        await screen.submit('cie-new-pin-again', NEW);
      };
      await wrongPuk();
      await screen.on('login-last-try', { field: 'cie-puk' });
      await house.books('blocked', { pin: 0, puk: 1 }, [VERIFY]);
      await screen.choose('confirm-last-try');
      await wrongPuk();
      const { actions } = await screen.on('login-problem', { kind: 'puk-blocked' });
      assert.ok(!actions.includes('unblock-pin'));
      await house.books('blocked', { pin: 0, puk: 0 }, [VERIFY, VERIFY]);
    },
  },
  {
    name: 'pin: changed; a bad new one is refused before the card sees it, and from then on only the new one signs in',
    play: async (house) => {
      const { screen } = house;
      const { pin } = await house.signIn('giulia');
      await screen.choose('change-pin');
      house.wire.forget();
      await screen.submit('cie-pin', pin);
      await screen.submit('cie-new-pin', pin);
      await screen.on('login-secret', { field: 'cie-new-pin', notice: 'same-as-before' });
      await screen.submit('cie-new-pin', '12341234');
      await screen.on('login-secret', { field: 'cie-new-pin', notice: 'too-simple' });
      await screen.submit('cie-new-pin', NEW);
      await screen.submit('cie-new-pin-again', WRONG);
      await screen.on('login-secret', { field: 'cie-new-pin', notice: 'not-the-same' });
      await house.books('giulia', UNTRIED, []);
      await screen.submit('cie-new-pin', NEW);
      await screen.submit('cie-new-pin-again', NEW);
      await screen.on('pin-done', { what: 'changed' });
      await house.books('giulia', UNTRIED, [VERIFY, CHANGE]);

      await house.home();
      house.wire.forget();
      await house.cards.hold('giulia');
      await screen.submit('cie-pin', pin);
      await screen.on('login-secret', { notice: 'wrong', triesLeft: 2 });
      await screen.submit('cie-pin', NEW);
      await house.greets(await house.cards.citizen('giulia'));
      await house.books('giulia', UNTRIED, [VERIFY, VERIFY]);
    },
  },
  {
    name: 'pin: a health card says its tries too, and its issuer is named when it is blocked',
    play: async (house) => {
      const { screen } = house;
      await house.cards.hold('lucia');
      await screen.submit('cns-pin', '13570');
      await screen.on('login-secret', { notice: 'wrong', triesLeft: 2 });
      await screen.submit('cns-pin', '13570');
      await screen.on('login-last-try', { card: 'cns' });
      await house.books('lucia', { pin: 1, puk: 10 }, [VERIFY, VERIFY]);
      await screen.choose('confirm-last-try');
      await screen.submit('cns-pin', '13570');
      const { actions } = await screen.on('login-problem', { kind: 'pin-blocked', card: 'cns' });
      assert.ok(!actions.includes('unblock-pin'), 'its PUK is its issuer’s');
      await house.books('lucia', { pin: 0, puk: 10 }, [VERIFY, VERIFY, VERIFY]);
    },
  },
  ...['giulia', 'marco', 'revoked'].map(
    (id): HouseScenario => ({
      name: `can: ${id} comes in without PIN, by the six digits; wrong ones cost nothing`,
      play: async (house) => {
        const { screen } = house;
        const { can = '' } = await house.cards.citizen(id);
        await screen.press({ type: 'sign-in' });
        await screen.on('login-card', { stage: 'waiting' });
        await screen.choose('without-pin');
        const citizen = await house.cards.hold(id);
        await screen.submit('cie-can', '000111');
        await screen.on('login-problem', { kind: 'can-wrong' });
        await screen.choose('try-again');
        await screen.submit('cie-can', can);
        await house.greets(citizen);
        assert.equal(screen.snapshot.citizen?.level, 'card');
        await house.books(id, UNTRIED, []);
      },
    }),
  ),
];
