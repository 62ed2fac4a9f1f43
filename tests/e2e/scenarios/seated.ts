import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { type Stage, until } from '../stage/index.ts';

/** A hand of a seated person gets no higher on the glass, px from its top. */
const REACH_TOP = 952;
const GLASS_END = 1920;
const MOST_PAGES = 6;

/** Where on the glass, and whether a finger in its middle meets it and nothing that lies above. */
interface Place {
  readonly top: number;
  readonly bottom: number;
  readonly middle: number;
  readonly met: boolean;
}

const placeOf = (stage: Stage, testId: string): Promise<Place> =>
  stage.page.evaluate<Place>(`(() => {
    const element = document.querySelector('[data-testid="${testId}"]');
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const middle = (left + right) / 2;
    const hit = document.elementFromPoint(middle, (top + bottom) / 2);
    return { top, bottom, middle, met: element.contains(hit) };
  })()`);

/** A touch of somebody who sits: turns the page to it where it stands on another, and never lifts the hand over the line. */
async function touch(stage: Stage, testId: string): Promise<Place> {
  await stage.button(testId).waitFor();
  for (let page = 0; page < MOST_PAGES; page++) {
    const place = await placeOf(stage, testId);
    if (place.met) {
      assert.ok(
        place.top >= REACH_TOP && place.bottom <= GLASS_END,
        `${testId} lies between y = ${place.top} and ${place.bottom}`,
      );
      await stage.tap(testId);
      return place;
    }
    assert.notEqual(testId, 'page-down', `${testId} is covered`);
    await touch(stage, 'page-down');
    await until('the page turns', async () => (await placeOf(stage, testId)).top !== place.top);
  }
  throw new Error(`${testId} is on no page`);
}

const chooseHand = async (stage: Stage, hand: 'left' | 'right'): Promise<void> => {
  await touch(stage, 'open-aids');
  await stage.button('aids').waitFor();
  await touch(stage, `hand-${hand}`);
  await stage.page.locator(`[data-hand="${hand}"]`).waitFor();
  await touch(stage, 'close-aids');
  await stage.button('aids').waitFor({ state: 'detached' });
};

const seated = scenario(
  'seated, from home to the receipt: lowered, large text, right hand and then left',
  async (stage) => {
    const { devices } = stage;
    const notice = await devices.notice({ amountCents: 7_350, description: 'Mensa scolastica' });
    const mark = await stage.mark();
    await devices.pos({ action: 'hold-card' });
    await touch(stage, 'toggle-lowered');
    await stage.expectWords('Rialza');
    await touch(stage, 'toggle-text-size');
    await stage.expectWords('Testo × 1,5');
    await chooseHand(stage, 'right');
    await stage.look('160-seated-home');

    await touch(stage, 'start-payment');
    await stage.on('pay-scan');
    await touch(stage, 'type-notice');
    await stage.on('pay-type');
    for (const digit of notice.noticeNumber) await touch(stage, `key-${digit}`);
    await stage.expectWords('Il numero è completo');
    await stage.look('161-seated-number');
    await touch(stage, 'submit-notice');
    await stage.on('pay-check');
    await stage.expectWords('73,50 €');
    const right = await placeOf(stage, 'consent');

    // the arm is tired: the other one goes on
    await chooseHand(stage, 'left');
    await stage.on('pay-check');
    await stage.look('162-seated-left-hand');
    const left = await touch(stage, 'consent');
    assert.ok(left.middle < right.middle, 'what is touched most comes over to the left hand');
    await stage.on('pay-card');
    await stage.cardAwaited();
    await stage.look('163-seated-card');
    await stage.presentCard();
    await stage.paid();
    await stage.expectWords('Hai pagato 73,50 €', 'Ecco la ricevuta');
    await stage.look('164-seated-done');
    await touch(stage, 'finish');
    await stage.on('goodbye');
    await stage.on('home');
    // who comes next finds the terminal as it stands for everybody
    await stage.page.locator('.stage[data-hand="right"][data-scale="1"]:not([data-lowered])').waitFor();
    await stage.money.prove(mark, {
      notice,
      charged: [7_350],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
      slips: ['receipt'],
    });
  },
);

export const seatedPerson = [seated];
