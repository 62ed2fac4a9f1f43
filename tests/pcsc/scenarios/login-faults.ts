import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoginProblemKind } from '@jolly/contracts/terminal-channel';
import type { HouseScenario } from '../act.ts';
import type { FakeCardOptions } from '../fake-card.ts';
import { type House, UNTRIED } from '../terminal/house.ts';

const VERIFY = 0x20;
/** Where giulia's VERIFY is among the commands since the card was laid; the first scenario that needs it learns it. */
const verifyAt = new WeakMap<House, number>();

async function learnVerify(house: House): Promise<number> {
  const known = verifyAt.get(house);
  if (known !== undefined) return known;
  await house.signIn('giulia');
  const at = house.wire.ins.indexOf(VERIFY) + 1;
  assert.ok(at > 20);
  verifyAt.set(house, at);
  await house.begin();
  return at;
}

type Fault = { readonly kind: string; readonly [setting: string]: unknown };

/** The fault shows before any PIN is asked. */
const beforeThePin = (what: string, fault: Fault, kind: LoginProblemKind, ms?: number): HouseScenario => ({
  name: `fault: ${what} is ${kind}, and no PIN was asked`,
  play: async (house) => {
    const { screen } = house;
    await house.cards.fault(fault);
    await house.cards.hold('giulia');
    await screen.on('login-problem', { kind }, ms);
    await house.books('giulia', UNTRIED, []);
    assert.ok(!screen.pages.some(({ name }) => name === 'login-secret'));
    await goesOn(house);
  },
});

/** The trouble is over: the same card, laid again, signs in. */
async function goesOn(house: House, action?: 'try-again'): Promise<void> {
  const { screen } = house;
  await house.cards.act({ action: 'clear-faults' });
  await house.empty();
  house.wire.forget();
  const { pin } = await house.cards.hold('giulia');
  if (action || screen.snapshot.screen.name === 'login-problem') {
    const kind = 'kind' in screen.snapshot.screen ? screen.snapshot.screen.kind : '';
    // troubles at the reader go on by themselves with a card laid anew
    if (!['card-removed', 'card-unreadable', 'card-slow', 'card-unknown'].includes(kind))
      await screen.choose('try-again');
  }
  await screen.submit('cie-pin', pin);
  await house.greets(await house.cards.citizen('giulia'));
  await house.books('giulia', UNTRIED, [VERIFY]);
}

/** The fault comes at a command counted from VERIFY. */
const aroundThePin = (
  what: string,
  fault: (verify: number) => Fault,
  kind: LoginProblemKind,
  secrets: readonly number[],
): HouseScenario => ({
  name: `fault: ${what} is ${kind}; no try is lost`,
  play: async (house) => {
    const { screen } = house;
    const verify = await learnVerify(house);
    await house.cards.fault(fault(verify));
    const { pin } = await house.cards.hold('giulia');
    await screen.submit('cie-pin', pin);
    await screen.on('login-problem', { kind });
    await house.books('giulia', UNTRIED, secrets);
    await goesOn(house);
  },
});

/** The channel broke before the PIN: the act begins again from a reset, unseen. */
const oneMoreBeginning = (what: string, fault: (verify: number) => Fault): HouseScenario => ({
  name: `fault: ${what} is one more beginning, and the PIN is sent once`,
  play: async (house) => {
    await house.cards.fault(fault(await learnVerify(house)));
    await house.signIn('giulia');
    await house.books('giulia', UNTRIED, [VERIFY]);
  },
});

/** Something of plastic, laid on the second slot. */
const noCardOfOurs = (
  what: string,
  kind: LoginProblemKind,
  card: Omit<FakeCardOptions, 'port'>,
): HouseScenario => ({
  name: `fault: ${what} is ${kind}`,
  play: async (house) => {
    const { screen } = house;
    const laid = await house.stage.lay(card, 1);
    await screen.on('login-problem', { kind });
    await laid.take();
    await house.empty();
    await house.signIn('giulia');
    await house.books('giulia', UNTRIED, [VERIFY]);
  },
});

/** The card is a good one, its certificate is not. */
const refusedByServer = (id: string, kind: LoginProblemKind): HouseScenario => ({
  name: `fault: the certificate of ${id} is ${kind}`,
  play: async (house) => {
    const { screen } = house;
    const { pin } = await house.cards.hold(id);
    await screen.submit('cie-pin', pin);
    await screen.on('login-problem', { kind });
    assert.equal(screen.snapshot.citizen, undefined);
    await house.books(id, UNTRIED, [VERIFY]);
  },
});

function setPolicy(house: House, policy: 'strict' | 'soft'): void {
  const file = join(house.dataDir, 'fleet-server.json');
  const config = JSON.parse(readFileSync(file, 'utf8'));
  config.tenants[0].citizens.revocation = { policy };
  writeFileSync(file, JSON.stringify(config));
}

export const faultScenarios: readonly HouseScenario[] = [
  {
    name: 'fault: the CA cannot be asked; strict says try later, soft takes the card, and back again',
    play: async (house) => {
      const { screen } = house;
      // no list of before
      await house.restartServer();
      await house.cards.act({ action: 'ca', reachable: false });
      const { pin } = await house.cards.hold('giulia');
      await screen.submit('cie-pin', pin);
      await screen.on('login-problem', { kind: 'server-unreachable' });
      assert.equal(screen.snapshot.citizen, undefined);
      await house.books('giulia', UNTRIED, [VERIFY]);

      setPolicy(house, 'soft');
      await house.restartServer();
      await screen.choose('try-again');
      await screen.submit('cie-pin', pin);
      await house.greets(await house.cards.citizen('giulia'));

      setPolicy(house, 'strict');
      await house.restartServer();
      await house.begin();
      await house.signIn('giulia');
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
  beforeThePin('a copied card', { kind: 'clone' }, 'card-not-genuine'),
  beforeThePin('a security object with a wrong signature', { kind: 'bad-sod' }, 'card-not-genuine'),
  refusedByServer('expired', 'card-expired'),
  refusedByServer('revoked', 'card-revoked'),
  beforeThePin('an answer without end', { kind: 'endless' }, 'card-unreadable'),
  beforeThePin('a lying length', { kind: 'lying-length' }, 'card-unreadable'),
  beforeThePin('an unknown status in the look', { kind: 'unknown-status', apdu: 8 }, 'card-unreadable'),
  beforeThePin('a card that takes eleven seconds', { kind: 'slow', ms: 11_000 }, 'card-slow', 16_000),
  aroundThePin(
    'an unknown status for the PIN',
    (verify) => ({ kind: 'unknown-status', apdu: verify }),
    'pin-uncertain',
    [VERIFY],
  ),
  aroundThePin(
    'an unknown status after the PIN',
    (verify) => ({ kind: 'unknown-status', apdu: verify + 1 }),
    'card-unreadable',
    [VERIFY],
  ),
  aroundThePin(
    'a wrong MAC on the answer to the PIN',
    (verify) => ({ kind: 'wrong-mac', apdu: verify }),
    'pin-uncertain',
    [VERIFY],
  ),
  aroundThePin(
    'a wrong MAC after the PIN',
    (verify) => ({ kind: 'wrong-mac', apdu: verify + 1 }),
    'card-unreadable',
    [VERIFY],
  ),
  oneMoreBeginning('a wrong MAC before the PIN', () => ({ kind: 'wrong-mac' })),
  oneMoreBeginning('an unknown status at the first command', () => ({ kind: 'unknown-status', apdu: 1 })),
  oneMoreBeginning('an unknown status just before the PIN', (verify) => ({
    kind: 'unknown-status',
    apdu: verify - 1,
  })),
  noCardOfOurs('a card that is neither CIE nor TS-CNS', 'card-unknown', {
    answer: () => Uint8Array.of(0x6a, 0x82),
  }),
  noCardOfOurs('a card that answers nothing a card answers', 'card-unreadable', {
    answer: () => Uint8Array.of(0x00),
  }),
  noCardOfOurs('a card whose ATR is none', 'card-unreadable', { atr: Uint8Array.of(0x00) }),
  {
    name: 'fault: a slow card signs in, slowly',
    play: async (house) => {
      await house.cards.fault({ kind: 'slow', ms: 60 });
      await house.signIn('giulia');
      await house.books('giulia', UNTRIED, [VERIFY]);
    },
  },
];
