import { type PaymentAnswer, type PosResponse, toWallClock } from '@jolly/drivers/pos/ecr17';
import type { Wire } from '../process/index.ts';
import type { Card, NextOutcome } from './actions.ts';
import type { TerminalMemory } from './memory.ts';
import type { Slip } from './receipt.ts';

export type Phase = 'idle' | 'waiting-card' | 'authorising' | 'answering' | 'receipt';

/** The operation was given up: the link dropped and the terminal does not go on. */
export class GivenUp extends Error {}

/** What an operation uses of its terminal. */
export interface Till {
  readonly options: { readonly terminalId: string; readonly clock: { now(): number } };
  readonly memory: TerminalMemory;
  readonly card: Card;
  readonly wire: Wire | undefined;
  /** The outcome armed for this kind of operation; it is used up when its times are. */
  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome;
  show(phase: Phase, display: string): void;
  /** One visible step, or so many milliseconds. */
  pause(ms?: number): Promise<void>;
  progress(text: string): void;
  acknowledge(): void;
  /** Waits for a card: by itself after a pause, or when the panel presents one. */
  awaitCard(): Promise<'card' | 'cancelled' | 'timeout' | 'gone'>;
  /** Drops the link, as a pulled cable does (a serial line only falls silent until the operation ends). */
  drop(): Promise<void>;
  /** Sends the first half of an answer that will never be whole. */
  sendPart(response: PosResponse): Promise<void>;
  /** Sends a message until it is acknowledged, four times at most; false when nobody took it. */
  deliver(response: PosResponse, wire: Wire | undefined, corruptFirst?: boolean): Promise<boolean>;
  /** The slip as `S` messages, when the kiosk asked for it; `afterFirst` runs after the first. */
  printSlip(
    wire: Wire | undefined,
    content: Omit<Slip, 'terminalId' | 'at'>,
    afterFirst?: () => Promise<void>,
  ): Promise<void>;
}

export type MoneyOperation =
  | { readonly kind: 'payment'; readonly amountCents: number; readonly extended: boolean }
  | { readonly kind: 'reversal'; readonly stan: string };

const cardDigits = { debit: '1', credit: '2', other: '3' } as const;
const SECOND = 1_000;

/** Day of the year and local time of the host, `DDDHHMM`. */
function hostDateTime(now: number): string {
  const wall = new Date(toWallClock(now, 'Europe/Rome'));
  const day = Math.floor((wall.getTime() - Date.UTC(wall.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
  return `${String(day).padStart(3, '0')}${wall.toISOString().slice(11, 16).replace(':', '')}`;
}

/**
 * One payment or reversal from command to slip. The steps are those of `drop-at-step`; money moves between 4 and 5, at one
 * point, and is in the ledger before anything of the answer is sent.
 */
export async function runMoney(terminal: Till, operation: MoneyOperation): Promise<void> {
  const outcome = terminal.takeOutcome(operation.kind);
  const wire = terminal.wire;
  const dropAt = async (step: number) => {
    if (outcome.action !== 'drop-at-step' || outcome.step !== step) return;
    await terminal.drop();
    if (!outcome.continues && step < 5) throw new GivenUp();
  };
  const amountCents =
    operation.kind === 'payment' ? operation.amountCents : (terminal.memory.reversible?.amountCents ?? 0);

  await dropAt(1);
  if (outcome.action === 'delay-ack') await terminal.pause(outcome.ms);
  const early = outcome.action === 'answer-before-ack';
  if (!early) terminal.acknowledge();
  await dropAt(2);

  const ended = early ? 'card' : await presentCard(terminal, amountCents, outcome, () => dropAt(3));
  await dropAt(4);
  if (outcome.action === 'lost-answer' && !outcome.charged) {
    await terminal.drop();
    throw new GivenUp();
  }
  if (!early) {
    terminal.show('authorising', 'ELABORAZIONE...');
    terminal.progress('ELABORAZIONE...');
    await believable(terminal, outcome);
  }

  const answer = ended === 'card' ? decide(terminal, operation, outcome) : cancelled(terminal, ended);
  await dropAt(5);
  if (outcome.action === 'doubtful') {
    await terminal.drop();
    return;
  }
  if (outcome.action === 'lost-answer') {
    await terminal.sendPart(answer);
    await terminal.drop();
    return;
  }
  terminal.show('answering', answer.result === '00' ? 'PAGAMENTO ESEGUITO' : (answer.reason ?? ''));
  if (outcome.action === 'drop-at-step' && outcome.step === 6) {
    const delivery = terminal.deliver(answer, wire);
    await terminal.drop();
    await delivery;
    return;
  }
  const taken = await terminal.deliver(answer, wire, outcome.action === 'corrupt-lrc-once');
  if (early) terminal.acknowledge();
  if (!taken) return;
  await dropAt(7);
  if (outcome.action === 'duplicate-result') await terminal.deliver(answer, wire);
  await terminal.printSlip(
    wire,
    {
      title: operation.kind === 'payment' ? 'PAGAMENTO' : 'STORNO',
      verdict: answer.result === '00' ? 'TRANSAZIONE ESEGUITA' : 'TRANSAZIONE NEGATA',
      amountCents,
      rows: [
        ['STAN', answer.stan],
        ['AUT.', answer.authCode ?? '------'],
        ['CARTA', terminal.card.maskedPan.slice(-8)],
      ],
    },
    () => dropAt(8),
  );
}

async function presentCard(
  terminal: Till,
  amountCents: number,
  outcome: NextOutcome,
  waiting: () => Promise<void>,
): Promise<'card' | 'cancelled' | 'timeout'> {
  const euro = `${Math.floor(amountCents / 100)},${String(amountCents % 100).padStart(2, '0')}`;
  terminal.show('waiting-card', `EUR ${euro}\nAVVICINARE O INSERIRE CARTA`);
  terminal.progress('AVVICINARE CARTA');
  await waiting();
  if (outcome.action === 'cancel-at-terminal') {
    await terminal.pause();
    return 'cancelled';
  }
  const how = await terminal.awaitCard();
  // Nobody waits for this payment any more, and no card has been read: the terminal goes back to its rest.
  if (how === 'gone') throw new GivenUp();
  return how;
}

/** The time the host takes, with progress messages as long as it lasts. */
async function believable(terminal: Till, outcome: NextOutcome): Promise<void> {
  if (outcome.action !== 'slow') return terminal.pause();
  for (let left = outcome.ms; left > 0; left -= SECOND) {
    await terminal.pause(Math.min(SECOND, left));
    terminal.progress('ATTENDERE...');
  }
}

function blankAnswer(terminal: Till): PaymentAnswer {
  return {
    kind: 'payment',
    code: 'E',
    form: 'plain',
    terminalId: terminal.options.terminalId,
    result: '01',
    outcome: 'refused',
    pan: null,
    entry: null,
    authCode: null,
    hostDateTime: null,
    reason: null,
    cardType: cardDigits[terminal.card.type],
    acquirerId: '00000000003',
    stan: '000000',
    onlineId: '000000',
  };
}

function cancelled(terminal: Till, how: 'cancelled' | 'timeout'): PaymentAnswer {
  const answer = {
    ...blankAnswer(terminal),
    reason: how === 'timeout' ? 'TEMPO SCADUTO' : 'OPERAZIONE ANNULLATA',
  };
  terminal.memory.keep(answer);
  return answer;
}

/** The host's word; the one place where money moves. */
function decide(terminal: Till, operation: MoneyOperation, outcome: NextOutcome): PaymentAnswer {
  const { memory, card, options } = terminal;
  const reversible = memory.reversible;
  const refused = (reason: string, actionCode: string): PaymentAnswer => {
    const form = operation.kind === 'reversal' ? 'reversal' : operation.extended ? 'extended' : 'plain';
    const answer: PaymentAnswer = {
      ...blankAnswer(terminal),
      ...memory.nextNumbers(),
      form,
      reason,
      ...(form !== 'plain' && { actionCode }),
      ...(form === 'extended' && { hostAmountCents: 0 }),
    };
    memory.keep(answer);
    return answer;
  };
  if (outcome.action === 'decline') return refused(outcome.reason, '116');
  if (operation.kind === 'reversal') {
    const matches = /^0+$/.test(operation.stan) || operation.stan === reversible?.stan;
    if (!reversible || !matches) return refused('STORNO NON POSSIBILE', '912');
  }
  const now = options.clock.now();
  const amountCents = operation.kind === 'payment' ? operation.amountCents : (reversible?.amountCents ?? 0);
  const numbers = memory.nextNumbers();
  const common: PaymentAnswer = {
    ...blankAnswer(terminal),
    ...numbers,
    result: '00',
    outcome: 'approved',
    pan: card.maskedPan.padStart(19, '0'),
    entry: card.entry,
    authCode: operation.kind === 'reversal' ? '000000' : `A${numbers.onlineId.slice(-5)}`,
    hostDateTime: hostDateTime(now),
  };
  const answer: PaymentAnswer =
    operation.kind === 'reversal'
      ? { ...common, form: 'reversal', actionCode: '000' }
      : operation.extended
        ? { ...common, form: 'extended', actionCode: '000', hostAmountCents: amountCents }
        : common;
  const kind = operation.kind === 'payment' ? 'charge' : 'reversal';
  memory.keep(answer, { stan: numbers.stan, amountCents, kind, at: now });
  return answer;
}
