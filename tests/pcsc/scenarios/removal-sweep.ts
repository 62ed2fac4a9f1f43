import assert from 'node:assert/strict';
import { type Clock, isJollyError, systemClock } from '@jolly/contracts/values';
import { FLICKER_MS } from '../../../drivers/card/reader/index.ts';
import { problemOf } from '../../../kiosk/runtime/citizens/chart/problems.ts';
import { itLogin } from '../../../ui/kit/messages/it-login.ts';
import { startCards } from '../cards-process.ts';
import { VPCD_PORTS, VPCD_READERS } from '../pcscd.ts';
import type { Scenario, Stage } from '../stage.ts';
import { WireTap } from '../wire-tap.ts';
import { CONTEXT, digits, openDevice } from './card-device.ts';

const VERIFY = 0x20;
/** Neither full nor nearly empty: a lost try and a right PIN (which sets it back) both show. */
const TRIES = 2;

/** A card that has gone is shown as gone at once. */
const quickToMiss: Clock = {
  ...systemClock,
  after: (ms, task) => systemClock.after(ms === FLICKER_MS ? 0 : ms, task),
};

const REMOVED = 'La carta si è mossa';
const UNCERTAIN = 'Non so se la carta ha letto il PIN';

/** The page's title that the terminal makes of the driver's error; a dozen scenarios see it on the screen itself. */
function titleOf(code: string): string {
  return itLogin[`login-problem.${problemOf(code)}`];
}

/** Each citizen on a slot of their own, at the same time: short commands, extended ones with answers in pieces, T=0. */
const lanes = [
  ['giulia', 'lucia'],
  ['marco', 'old-cns'],
] as const;

/**
 * Takes the card away at each command of look and sign-in in turn. The card gets that command (a try counts!) and its answer is
 * lost.
 */
async function sweep(
  stage: Stage,
  cards: Awaited<ReturnType<typeof startCards>>,
  id: string,
  slot: 0 | 1,
  wire: WireTap,
) {
  const { device, card, empty } = openDevice(stage, cards, VPCD_READERS[slot], quickToMiss);
  const { pin } = await cards.citizen(id);
  const login = async () => {
    await device.look();
    await device.signIn(digits(pin), CONTEXT);
  };
  wire.forget();
  await cards.hold(id, slot);
  await card();
  await login();
  const [all, verify] = [wire.sinceLaid, wire.ins.indexOf(VERIFY) + 1];
  assert.ok(verify > 3 && all > verify);

  for (let apdu = 1; apdu <= all; apdu += 1) {
    await cards.take(slot);
    await empty();
    wire.forget();
    await cards.act({ action: 'set-tries', citizen: id, pin: TRIES });
    await cards.act({ action: 'fault', fault: { kind: 'remove-at', apdu }, reader: slot });
    await cards.hold(id, slot);
    await card();
    const where = `${id}, command ${apdu} of ${all} (PIN at ${verify})`;
    let detail = '';
    const code = await login().then(
      () => 'done',
      (error: unknown) => {
        if (!isJollyError(error)) throw error;
        detail = JSON.stringify(error.detail);
        return error.code;
      },
    );
    assert.equal(code, apdu === verify ? 'PIN_UNCERTAIN' : 'CARD_REMOVED', `${where} ${detail}`);
    assert.equal(titleOf(code), apdu === verify ? UNCERTAIN : REMOVED, where);
    assert.deepEqual([...wire.secrets], apdu < verify ? [] : [VERIFY], where);
    const { pinTries, pukTries } = await cards.citizen(id);
    assert.deepEqual({ pinTries, pukTries }, { pinTries: apdu < verify ? TRIES : 3, pukTries: 10 }, where);
  }
  await empty();
  await cards.hold(id, slot);
  await card();
  await login();
  await cards.take(slot);
  await empty();
  return all;
}

export const sweepScenarios: readonly Scenario[] = [
  {
    name: 'sweep: the card taken at every command of its login in turn; no try is lost or doubled, and the reader goes on',
    run: async (stage) => {
      const wires = await Promise.all(VPCD_PORTS.map((port) => WireTap.open(port)));
      for (const wire of wires) stage.defer(() => wire.close());
      const cards = await startCards(wires.map(({ address }) => address));
      stage.defer(() => cards.stop());
      await Promise.all(
        lanes.map(async (ids, slot) => {
          for (const id of ids) {
            const all = await sweep(stage, cards, id, slot as 0 | 1, wires[slot] as WireTap);
            console.log(`  ${id}: taken at each of ${all} commands`);
          }
        }),
      );
    },
  },
];
