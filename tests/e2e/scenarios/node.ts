import { scenario } from '../scenario.ts';

const nodeDown = scenario('node down: a calm page, nothing charged', async (stage) => {
  const { devices } = stage;
  for (const [mode, picture] of [
    ['drop-before', '22-node-silent'],
    ['http-503', '23-node-refuses'],
  ] as const) {
    const notice = await devices.notice({ amountCents: 4_040 });
    const mark = await stage.mark();
    await devices.node('faults', { mode });
    await stage.show(notice, 'problem');
    await stage.expectWords('Non hai pagato nulla');
    await stage.look(picture);
    await devices.node('faults', { mode: 'none' });
    await stage.money.prove(mark, { notice, paid: 0, states: [] });
    await stage.tap('action-finish');
    await stage.on('goodbye');
    await stage.on('home');
  }
});

const downAtActivation = scenario('node down after consent: nothing charged, nothing held', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 4_141 });
  const mark = await stage.mark();
  await stage.show(notice);
  await devices.node('faults', { mode: 'http-503', operation: 'activate' });
  await stage.tap('consent');
  await stage.on('problem', 20_000);
  await stage.expectWords('Non hai pagato nulla');
  await devices.node('faults', { mode: 'none' });
  await stage.money.prove(mark, { notice, paid: 0, states: ['activation-failed'] });
});

const outcomeWaits = scenario('node silent after the charge: registered later', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 4_242 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await devices.node('faults', { mode: 'http-503', operation: 'outcome' });
  await stage.presentCard();
  await stage.on('problem', 20_000);
  await stage.expectWords('Hai già pagato', 'Non pagare di nuovo');
  await stage.look('24-outcome-pending');
  await devices.node('faults', { mode: 'none' });
  // the server tries again by itself, and the terminal asks it
  await stage.money.prove(
    mark,
    {
      notice,
      charged: [4_242],
      paid: 1,
      states: ['confirmed'],
      receipt: 'printed',
      slips: ['provisional', 'receipt'],
    },
    25_000,
  );
});

/** The first trap of pagopa.md 7: the node takes the money for an expired token. Never give it back. */
const lateToken = scenario('the token expires while the card works: not given back', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 4_343 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await devices.node('clock', { offsetMs: 45 * 60_000 });
  await devices.node('expire-job', {});
  await stage.presentCard();
  await stage.expectWords('Hai');
  await stage.money.prove(mark, {
    notice,
    charged: [4_343],
    paid: 1,
    states: ['confirmed-late'],
    receipt: 'provisional',
    slips: ['provisional'],
  });
  await stage.look('25-late-token');
});

/** The second trap: paid elsewhere meanwhile. The money goes back. */
const duplicate = scenario('paid elsewhere meanwhile: the money is given back', async (stage) => {
  const { devices } = stage;
  const notice = await devices.notice({ amountCents: 4_444 });
  const mark = await stage.mark();
  await stage.toTheCard(notice);
  await devices.node('pay-elsewhere', { noticeNumber: notice.noticeNumber });
  await stage.presentCard();
  await stage.expectWords('Ti restituisco i soldi', 'avvicina di nuovo la stessa carta');
  await stage.cardAwaited();
  await stage.look('26-giving-back');
  await stage.presentCard();
  await stage.on('problem', 20_000);
  await stage.expectWords('L’avviso era già pagato', 'I soldi sono tornati sulla carta');
  await stage.look('27-duplicate-returned');
  await stage.money.prove(mark, {
    notice,
    charged: [4_444],
    reversed: [4_444],
    paid: 0,
    states: ['refunded'],
    slips: ['reversal'],
  });
});

export const withNode = [nodeDown, downAtActivation, outcomeWaits, lateToken, duplicate];
