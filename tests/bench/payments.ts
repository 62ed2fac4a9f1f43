import type { Demo } from '@jolly/simulators/launcher';
import {
  BarcodeState,
  control,
  NewNotice,
  NodeCalls,
  type PosLog,
  PosState,
  PrinterState,
} from './control.ts';
import { posApproval } from './pos-time.ts';
import { BenchScreen } from './screen.ts';
import { type Figure, figureOf } from './statistics.ts';

/** One payment, taken apart. All in ms. */
interface Sample {
  readonly scanToAmount: number;
  readonly nodeVerify: number;
  readonly approvalToReceipt: number;
  readonly posAfterApproval: number;
  readonly nodeOutcome: number;
}

export interface PaymentFigures {
  readonly scanToAmount: Figure;
  readonly approvalToReceipt: Figure;
  /** What was subtracted, so that the whole can be had back. */
  readonly subtracted: {
    readonly nodeVerify: Figure;
    readonly posSlip: Figure;
    readonly nodeOutcome: Figure;
  };
}

const GOAL = { p95: 'most', is: 50 } as const;
const PRINTED_WITHIN_MS = 15_000;

/**
 * Pays `n` notices on a running demo as a citizen would, over the real channel and the simulators' real wires, and gives what of
 * the time was ours. The first `warmUp` payments are not counted: a terminal runs for weeks.
 */
export async function benchPayments(
  demo: Demo,
  settings: { readonly n: number; readonly warmUp: number; readonly note: (line: string) => void },
): Promise<PaymentFigures> {
  const screen = await BenchScreen.join(demo.kioskUrl);
  const samples: Sample[] = [];
  try {
    await screen.until('home page without limitations', usable, 30_000);
    screen.send({ type: 'start-payment' });
    for (let turn = 0; turn < settings.warmUp + settings.n; turn++) {
      const sample = await pay(demo, screen);
      if (turn >= settings.warmUp) samples.push(sample);
      if (turn % 10 === 9) settings.note(`${turn + 1} of ${settings.warmUp + settings.n} payments`);
    }
    await screen.page('pay-scan');
    screen.send({ type: 'back' });
    await screen.page('home');
  } finally {
    screen.close();
  }
  const all = (of: keyof Sample) => samples.map((sample) => sample[of]);
  return {
    scanToAmount: figureOf(all('scanToAmount'), 'ms', GOAL),
    approvalToReceipt: figureOf(all('approvalToReceipt'), 'ms', GOAL),
    subtracted: {
      nodeVerify: figureOf(all('nodeVerify'), 'ms'),
      posSlip: figureOf(all('posAfterApproval'), 'ms'),
      nodeOutcome: figureOf(all('nodeOutcome'), 'ms'),
    },
  };
}

const usable: Parameters<BenchScreen['until']>[1] = ({ screen, limitations }) =>
  screen.name === 'home' && limitations.length === 0;

async function pay(demo: Demo, screen: BenchScreen): Promise<Sample> {
  const { controls } = demo;
  const { qr } = await control(`${controls.node}/control/notices`, NewNotice, { amountCents: 12_345 });
  await screen.page('pay-scan');
  // Waits from before the scan: what counts is the first picture of the amount, not a later one.
  const [amount, { scans }] = await Promise.all([
    screen.page('pay-check'),
    control(`${controls.barcode}/act`, BarcodeState, { action: 'scan', text: qr }),
  ]);
  const scan = scans[0];
  if (scan?.sentTo !== 1) throw new Error('the scan reached nobody');
  const verified = await nodeTime(demo, 'verify', scan.at);

  if (amount.snapshot.screen.name !== 'pay-check') throw new Error('unreachable');
  screen.send({ type: 'consent', totalCents: amount.snapshot.screen.notice.totalCents });
  await screen.page('pay-done');
  const slip = await printed(demo, scan.at);
  const approval = posApproval(await posLog(demo), scan.at);
  const outcome = await nodeTime(demo, 'outcome', approval.at);
  screen.send({ type: 'another-notice' });

  return {
    scanToAmount: amount.at - scan.at - verified,
    nodeVerify: verified,
    approvalToReceipt: slip.startedAt - approval.at - approval.posMs - outcome,
    posAfterApproval: approval.posMs,
    nodeOutcome: outcome,
  };
}

/** What the node spent on such calls since then. */
async function nodeTime(demo: Demo, operation: 'verify' | 'outcome', since: number): Promise<number> {
  const calls = await control(`${demo.controls.node}/control/calls`, NodeCalls);
  const ours = calls.filter((call) => call.operation === operation && call.at >= since - 1);
  if (ours.length !== 1) throw new Error(`${ours.length} calls of ${operation} instead of one`);
  return ours.reduce((sum, { tookMs }) => sum + tookMs, 0);
}

const posLog = async (demo: Demo): Promise<PosLog> =>
  (await control(`${demo.controls.pos}/state`, PosState)).device.log;

/** The slip that began to come out since then. */
async function printed(demo: Demo, since: number): Promise<{ readonly startedAt: number }> {
  const until = performance.now() + PRINTED_WITHIN_MS;
  while (performance.now() < until) {
    const { device } = await control(`${demo.controls.printer}/state`, PrinterState);
    const slip = device.slips.find(({ startedAt }) => startedAt >= since);
    if (slip && device.waiting === 0) return slip;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no receipt came out in ${PRINTED_WITHIN_MS} ms`);
}
