import assert from 'node:assert/strict';
import { scenario } from '../scenario.ts';
import { jolly, until } from '../stage/index.ts';

const LANDSCAPE = { width: 1920, height: 1080 };

const languages = scenario('language changed in the middle keeps the step', async (stage) => {
  const notice = await stage.devices.seeded('Mensa scolastica');
  await stage.show(notice);
  await stage.tap('open-languages');
  await stage.button('language-en').waitFor();
  await stage.look('50-languages');
  await stage.tap('language-en');
  await stage.expectWords('Pay €96.00');
  await stage.on('pay-check');
  await stage.look('51-check-english');
  await stage.tap('leave');
  await stage.on('goodbye');
  await stage.on('home');
  await stage.expectWords('Paga un avviso');
});

const aids = scenario('large text, contrast, lowered, landscape', async (stage) => {
  const notice = await stage.devices.seeded('Mensa scolastica');
  await stage.show(notice);
  await stage.tap('toggle-text-size');
  await stage.expectWords('Testo × 1,5');
  await stage.tap('toggle-text-size');
  await stage.expectWords('Testo × 2');
  await stage.look('52-check-200');
  await stage.tap('toggle-text-size');
  await stage.tap('toggle-contrast');
  await stage.page.locator('[data-theme="contrast"]').waitFor();
  await stage.look('53-check-contrast');
  await stage.tap('toggle-contrast');
  await stage.tap('toggle-lowered');
  await stage.expectWords('Rialza');
  await stage.look('54-check-lowered');
  await stage.tap('toggle-lowered');
  await stage.page.setViewportSize(LANDSCAPE);
  await stage.look('55-check-landscape');
  await stage.tap('back');
  await stage.on('pay-scan');
  await stage.look('56-scan-landscape');
  await stage.tap('back');
  await stage.on('home');
  await stage.look('57-home-landscape');
});

const quietPages = scenario('help, services to come, back, leave', async (stage) => {
  await stage.tap('help');
  await stage.on('help');
  await stage.look('58-help');
  await stage.tap('back-door');
  await stage.on('home');
  await stage.tap('service-certificates');
  await stage.on('coming-soon');
  await stage.look('59-coming-soon');
  await stage.tap('start-payment');
  await stage.on('pay-scan');
  await stage.tap('back');
  await stage.on('home');
});

const startOver = scenario('start over from the end', async (stage) => {
  await stage.tap('start-payment');
  await stage.tap('leave');
  await stage.on('goodbye');
  await stage.tap('start-over');
  await stage.on('home');
});

/** Needs a terminal that warns after 8 s and counts down 20. */
const idle = scenario('nobody there: warning, more time, countdown, wiped', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 5_959, description: 'Segreto del cittadino' });
  const mark = await stage.mark();
  await stage.show(notice);
  await stage.button('idle').waitFor({ timeout: 20_000 });
  await stage.expectWords('Sei ancora qui?', 'Non hai ancora pagato');
  await stage.look('60-idle');
  await stage.tap('still-here');
  await stage.button('idle').waitFor({ state: 'detached' });
  await stage.on('pay-check');
  await stage.button('idle').waitFor({ timeout: 20_000 });
  // the countdown runs out
  await stage.on('home', 30_000);
  assert.ok(!(await stage.page.content()).includes('Segreto'), 'nothing of the notice is left');
  await stage.page.reload();
  await stage.on('home');
  await stage.show(notice);
  await stage.button('idle').waitFor({ timeout: 20_000 });
  await stage.tap('more-time');
  await stage.button('idle').waitFor({ state: 'detached' });
  await stage.on('pay-check');
  await stage.money.prove(mark, { notice, paid: 0, states: ['verified', 'verified'] });
});

/** The day is closed after midnight; until then the sides that are known already agree. */
const daySoFar = scenario('the day so far: what the node took is what receipts say', async (stage) => {
  const { devices } = stage;
  const { day } = await stage.console.overview();
  const charged = (await devices.posState()).ledger.reduce(
    (sum, { kind, amountCents }) => sum + (kind === 'charge' ? amountCents : -amountCents),
    0,
  );
  const [match] = await stage.console.match(day);
  assert.equal(match?.state, 'open');
  assert.equal(match.outcomes.totalCents, charged);
  assert.equal(match.receipts.totalCents, charged);
  // well over half a minute after the start: closing yesterday has not touched the money of today
  assert.deepEqual(await stage.console.items(), []);
});

/** The technician closes the day early; what is paid afterwards is closed with it again. */
const dayEnd = scenario('the day is closed, matched three ways and sealed', async (stage) => {
  const { devices, console } = stage;
  const { day } = await console.overview();
  const closed = async (cents: number) => {
    assert.match(await jolly(stage, 'day-end'), /: closed/);
    return until('the figures of the day arrive', async () => {
      const [match] = await console.match(day);
      return match?.pos.reportedTotalCents === cents ? match : undefined;
    });
  };
  await closed(1_234);
  const notice = await devices.notice({ amountCents: 4_321 });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.paid();
  await stage.tap('finish');
  await stage.on('home', 10_000);
  const match = await closed(5_555);
  assert.deepEqual(match.differences, []);
  for (const side of [match.pos, match.outcomes, match.receipts]) {
    assert.equal(side.totalCents, 5_555);
    assert.equal(side.count, 2);
  }
  const [sealed] = await console.seal(day);
  assert.equal(sealed?.state, 'balanced');
  assert.match(sealed.seal ?? '', /^[0-9a-f]{64}$/);
  assert.match(await jolly(stage, 'day-end'), /nothing new/);
});

const payFirst = scenario('a payment soon after the start', async (stage) => {
  const notice = await stage.devices.notice({ amountCents: 1_234 });
  await stage.show(notice);
  await stage.tap('consent');
  await stage.paid();
});

export const sessions = [languages, aids, quietPages, startOver];
export const patience = [payFirst, idle, daySoFar, dayEnd];
