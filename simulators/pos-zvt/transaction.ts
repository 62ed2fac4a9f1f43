import { encodeAbort, encodeCompletion, encodeStatusInfo, toWallClock } from '@jolly/drivers/pos/zvt';
import type { Card, NextOutcome } from './actions.ts';
import type { Answer } from './line.ts';
import type { Result, ZvtMemory } from './memory.ts';
import type { Slip } from './receipt.ts';

export type Phase = 'idle' | 'waiting-card' | 'authorising' | 'answering' | 'receipt';

/** The operation was given up: the link dropped and the terminal does not go on. */
export class GivenUp extends Error {}

/** What an operation uses of its terminal. */
export interface Till {
  readonly options: { readonly terminalId: string; readonly clock: { now(): number } };
  readonly memory: ZvtMemory;
  readonly card: Card;
  readonly noPaper: boolean;
  readonly echoesReceipts: boolean;
  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome;
  show(phase: Phase, display: string): void;
  /** One visible step, or so many milliseconds. */
  pause(ms?: number): Promise<void>;
  accept(): void;
  /** `04 FF`, where the till wants it. */
  intermediate(code: number, text: string): Promise<void>;
  awaitCard(): Promise<'card' | 'cancelled' | 'timeout' | 'gone'>;
  drop(): Promise<void>;
  say(apdu: Uint8Array, corrupt?: boolean): Promise<Answer>;
  sayPart(apdu: Uint8Array): Promise<void>;
  /** Merchant's and cardholder's receipt, where the till prints; false when one of them was not confirmed. */
  print(content: Omit<Slip, 'terminalId' | 'at'>): Promise<boolean>;
  /** What was approved and not confirmed is taken back. */
  takeBack(): void;
}

export type MoneyOperation =
  | { readonly kind: 'payment'; readonly amountCents: number }
  | { readonly kind: 'reversal'; readonly receipt: string };

const code = {
  insertCard: 0x0a,
  wait: 0x0e,
  aborted: 0x6c,
  alreadyReversed: 0xb4,
  reversalImpossible: 0xb5,
  printer: 0xcc,
} as const;
const SECOND = 1_000;
const types = { debit: 0x2e, credit: 0x06, other: 0xff } as const;

/** The terminal's clock, as `04 0F` tells it. */
export function clockOf(now: number): { readonly time: string; readonly date: string } {
  const wall = new Date(toWallClock(now, 'Europe/Rome')).toISOString();
  return { time: wall.slice(11, 19).replaceAll(':', ''), date: wall.slice(5, 10).replace('-', '') };
}

/** A result as it goes over the wire. */
export const resultApdu = (terminal: Till, result: Result): Uint8Array =>
  encodeStatusInfo({
    ...result,
    ...(terminal.echoesReceipts &&
      result.receipt !== undefined && { receiptToEcho: Uint8Array.from(Buffer.from(result.receipt, 'hex')) }),
  });

/**
 * One payment or reversal from command to completion. The steps are those of `drop-at-step`. What the host approves is stored
 * at one point, when result and receipts are confirmed; whatever ends the operation before that takes it back.
 */
export async function runMoney(terminal: Till, operation: MoneyOperation): Promise<void> {
  try {
    await run(terminal, operation, terminal.takeOutcome(operation.kind));
  } finally {
    terminal.takeBack();
  }
}

async function run(terminal: Till, operation: MoneyOperation, outcome: NextOutcome): Promise<void> {
  const dropAt = async (step: number) => {
    if (outcome.action !== 'drop-at-step' || outcome.step !== step) return;
    await terminal.drop();
    if (!outcome.continues) throw new GivenUp();
  };
  await dropAt(1);
  if (outcome.action === 'delay-ack') await terminal.pause(outcome.ms);
  const early = outcome.action === 'answer-before-ack';
  if (!early) terminal.accept();
  await dropAt(2);
  if (terminal.noPaper) {
    await terminal.say(encodeAbort(code.printer));
    return;
  }

  const ended =
    operation.kind === 'reversal' || early
      ? 'card'
      : await presentCard(terminal, operation, outcome, () => dropAt(3));
  await dropAt(4);
  if (ended !== 'card') {
    await abort(
      terminal,
      unsuccessful(terminal, code.aborted, ended === 'timeout' ? 'TEMPO SCADUTO' : 'ANNULLATO'),
    );
    return;
  }
  if (!early) await believable(terminal, outcome);
  const result = decide(terminal, operation, outcome);
  await dropAt(5);
  terminal.show('answering', result.resultCode === 0 ? 'ESEGUITO' : (result.text ?? ''));
  if (result.resultCode !== 0) {
    await abort(terminal, result);
    return;
  }
  if (await deliver(terminal, operation, outcome, result, dropAt)) {
    await terminal.say(encodeCompletion());
  }
}

/** A result that is none: `04 0F` with its code, then `06 1E`. */
async function abort(terminal: Till, result: Result): Promise<void> {
  const answer = await terminal.say(resultApdu(terminal, result));
  if (answer !== 'gone') await terminal.say(encodeAbort(result.resultCode ?? code.aborted));
}

/** Result and receipts until they are confirmed; false when the operation ends without a completion. */
async function deliver(
  terminal: Till,
  operation: MoneyOperation,
  outcome: NextOutcome,
  result: Result,
  dropAt: (step: number) => Promise<void>,
): Promise<boolean> {
  const apdu = resultApdu(terminal, result);
  if (outcome.action === 'lost-answer') {
    await terminal.sayPart(apdu);
    if (outcome.charged) terminal.memory.store();
    await terminal.drop();
    return false;
  }
  if (outcome.action === 'drop-at-step' && outcome.step === 6) {
    const heard = terminal.say(apdu);
    await terminal.drop();
    await heard;
    return false;
  }
  if ((await terminal.say(apdu, outcome.action === 'corrupt-crc-once')) !== 'ok') return false;
  if (outcome.action === 'duplicate-result' && (await terminal.say(apdu)) !== 'ok') return false;
  await dropAt(7);
  if (outcome.action === 'abort-after-approval') {
    terminal.takeBack();
    await terminal.say(encodeAbort(code.printer));
    return false;
  }
  terminal.show('receipt', 'STAMPA IN CORSO');
  const printed = await terminal.print({
    title: operation.kind === 'payment' ? 'PAGAMENTO' : 'STORNO',
    verdict: 'TRANSAZIONE ESEGUITA',
    amountCents: result.amountCents ?? 0,
    rows: [
      ['Trace', result.trace ?? ''],
      ['Ricevuta', result.receipt ?? ''],
      ['Autorizzazione', result.authorisation ?? ''],
      ['Carta', terminal.card.maskedPan.slice(-8)],
    ],
  });
  if (!printed) return false;
  terminal.memory.store();
  await dropAt(8);
  if (outcome.action !== 'doubtful') return true;
  await terminal.drop();
  return false;
}

async function presentCard(
  terminal: Till,
  { amountCents }: { readonly amountCents: number },
  outcome: NextOutcome,
  waiting: () => Promise<void>,
): Promise<'card' | 'cancelled' | 'timeout'> {
  const euro = `${Math.floor(amountCents / 100)},${String(amountCents % 100).padStart(2, '0')}`;
  terminal.show('waiting-card', `EUR ${euro}\nAVVICINARE O INSERIRE CARTA`);
  // A card may come before the till has confirmed what it was told: nothing waits for that.
  const told = terminal.intermediate(code.insertCard, 'AVVICINARE CARTA');
  await waiting();
  if (outcome.action === 'cancel-at-terminal') {
    await told;
    await terminal.pause();
    return 'cancelled';
  }
  const how = await terminal.awaitCard();
  await told;
  // Nobody waits for this payment any more, and no card has been read: the terminal goes back to its rest.
  if (how === 'gone') throw new GivenUp();
  return how;
}

/** The time the host takes, with intermediate status as long as it lasts. */
async function believable(terminal: Till, outcome: NextOutcome): Promise<void> {
  terminal.show('authorising', 'ELABORAZIONE...');
  await terminal.intermediate(code.wait, 'ELABORAZIONE...');
  if (outcome.action !== 'slow') return terminal.pause();
  for (let left = outcome.ms; left > 0; left -= SECOND) {
    await terminal.pause(Math.min(SECOND, left));
    await terminal.intermediate(code.wait, 'ATTENDERE...');
  }
}

function unsuccessful(terminal: Till, resultCode: number, text: string): Result {
  return {
    resultCode,
    ...clockOf(terminal.options.clock.now()),
    terminalId: terminal.options.terminalId,
    text,
  };
}

/** The host's word. Approved, it waits in memory for the till's confirmation. */
function decide(terminal: Till, operation: MoneyOperation, outcome: NextOutcome): Result {
  const { memory, card, options } = terminal;
  const refused = (resultCode: number, text: string): Result => {
    const result = { ...unsuccessful(terminal, resultCode, text), ...memory.nextNumbers() };
    memory.keep(result);
    return result;
  };
  if (outcome.action === 'decline') return refused(outcome.code, outcome.reason);
  const original =
    operation.kind === 'reversal'
      ? memory.day.find(({ receipt }) => receipt === operation.receipt)
      : undefined;
  if (operation.kind === 'reversal') {
    if (original?.reversed) return refused(code.alreadyReversed, 'GIA STORNATO');
    if (!original) return refused(code.reversalImpossible, 'STORNO NON POSSIBILE');
  }
  const amountCents = operation.kind === 'payment' ? operation.amountCents : (original?.amountCents ?? 0);
  const numbers = memory.nextNumbers();
  const at = options.clock.now();
  const result: Result = {
    resultCode: 0,
    amountCents,
    ...numbers,
    ...(original && { originalTrace: original.stan }),
    ...clockOf(at),
    terminalId: options.terminalId,
    merchant: '100764992',
    authorisation: `A${numbers.trace.slice(-5)}`,
    currency: '0978',
    pan: card.maskedPan,
    cardType: types[card.type],
    cardName: card.brand,
    technology: card.entry,
  };
  memory.approve({
    result,
    entry: {
      stan: numbers.trace,
      amountCents,
      kind: operation.kind === 'payment' ? 'charge' : 'reversal',
      at,
    },
    ...(operation.kind === 'reversal' && { reverses: operation.receipt }),
  });
  return result;
}
