import {
  type MessageHeader,
  type PaymentResponse,
  type ReversalResponse,
  type SaleToPOIResponse,
  toAmount,
} from '@jolly/drivers/pos/nexo';
import type { Card, NextOutcome } from './actions.ts';
import { answerTo, failure, receipts } from './answers.ts';
import type { TerminalMemory } from './memory.ts';

export type Phase = 'idle' | 'waiting-card' | 'authorising' | 'answering';

/** The other end of one question. */
export interface Exchange {
  answer(text: string, status?: number): void;
  /** The first half of an answer that will never be whole; then the link drops. */
  half(text: string): void;
  /** Drops the link, as a pulled cable does. */
  drop(): void;
}

/** What an operation uses of its terminal. */
export interface Till {
  readonly memory: TerminalMemory;
  readonly card: Card;
  now(): number;
  takeOutcome(kind: 'payment' | 'reversal'): NextOutcome;
  show(phase: Phase, display: string): void;
  /** One visible step, or so many milliseconds. */
  pause(ms?: number): Promise<void>;
  /** Waits for a card: by itself after a pause, or when the panel presents one. */
  awaitCard(): Promise<'card' | 'cancelled' | 'aborted' | 'timeout'>;
  note(what: string): void;
}

export type MoneyOperation =
  | { readonly kind: 'payment'; readonly amountCents: number }
  | { readonly kind: 'reversal'; readonly reference: string };

const wrapped = (answer: SaleToPOIResponse): string => JSON.stringify({ SaleToPOIResponse: answer });

/** Whether the outcome moves money before what it spoils. */
const spoils = (outcome: NextOutcome): boolean => 'charged' in outcome && !outcome.charged;

/**
 * One payment or reversal from message to answer. The steps are those of `drop-at-step`; money moves between 3 and 4, at one
 * point, and is in the memory before anything of the answer is sent. The terminal goes on when the kiosk has vanished.
 */
export async function runMoney(
  terminal: Till,
  header: MessageHeader,
  operation: MoneyOperation,
  exchange: Exchange,
): Promise<void> {
  const outcome = terminal.takeOutcome(operation.kind);
  /** True: the terminal gave up with the link. */
  const dropAt = (step: number): boolean => {
    if (outcome.action !== 'drop-at-step' || outcome.step !== step) return false;
    exchange.drop();
    return !outcome.continues && step < 4;
  };
  if (outcome.action === 'reject') {
    const { SaleID, POIID } = header;
    const event = {
      MessageHeader: {
        MessageClass: 'Event',
        MessageCategory: 'Event',
        MessageType: 'Notification',
        SaleID,
        POIID,
      },
      EventNotification: { EventToNotify: 'Reject', EventDetails: 'message=not+understood' },
    };
    exchange.answer(JSON.stringify({ SaleToPOIRequest: event }));
    return;
  }
  if (dropAt(1)) return;
  if (outcome.action === 'refuse') {
    const answer = refused(terminal, header, operation, outcome.condition);
    exchange.answer(wrapped(answer));
    return;
  }
  let ended: 'card' | 'cancelled' | 'aborted' | 'timeout' = 'card';
  if (operation.kind === 'payment') {
    terminal.show('waiting-card', `EUR ${toAmount(operation.amountCents)}\nAVVICINARE O INSERIRE CARTA`);
    if (dropAt(2)) return;
    if (outcome.action === 'cancel-at-terminal') {
      await terminal.pause();
      ended = 'cancelled';
    } else ended = await terminal.awaitCard();
  } else if (dropAt(2)) return;
  if (dropAt(3)) return;
  if (spoils(outcome)) {
    spoil(outcome, exchange, '');
    return;
  }
  terminal.show('authorising', 'ELABORAZIONE...');
  await terminal.pause(outcome.action === 'slow' ? outcome.ms : undefined);
  const answer =
    ended === 'card'
      ? decide(terminal, header, operation, outcome)
      : refused(
          terminal,
          header,
          operation,
          ended === 'aborted' ? 'Aborted' : 'Cancel',
          ended === 'aborted' ? undefined : ended,
        );
  dropAt(4);
  terminal.show('answering', answer.MessageHeader.MessageCategory);
  const text = wrapped(answer);
  terminal.note(`${header.MessageCategory} ${resultOf(answer)}`);
  if (outcome.action === 'duplicate-result') {
    const older = terminal.memory.last(header.ServiceID);
    exchange.answer(older ? wrapped(older) : text);
  } else if (!spoil(outcome, exchange, text)) exchange.answer(text);
  dropAt(6);
}

/** What becomes of the answer; false: nothing, it goes out whole. */
function spoil(outcome: NextOutcome, exchange: Exchange, text: string): boolean {
  switch (outcome.action) {
    case 'doubtful':
      exchange.drop();
      return true;
    case 'lost-answer':
      if (text) exchange.half(text);
      else exchange.drop();
      return true;
    case 'malformed':
      exchange.answer('<html>Bad gateway</html>');
      return true;
    case 'http-status':
      exchange.answer('', outcome.status);
      return true;
    case 'drop-at-step':
      if (outcome.step !== 5) return false;
      exchange.half(text);
      return true;
    default:
      return false;
  }
}

export const resultOf = (answer: SaleToPOIResponse): string => {
  const response = (answer.PaymentResponse ?? answer.ReversalResponse)?.Response;
  return response?.ErrorCondition ?? response?.Result ?? '';
};

/** Nothing is charged; the answer is kept all the same. */
function refused(
  { memory }: Till,
  header: MessageHeader,
  { kind }: MoneyOperation,
  condition: string,
  message?: string,
): SaleToPOIResponse {
  const body = { Response: failure(condition, message) };
  const answer = answerTo(
    header,
    kind === 'payment' ? { PaymentResponse: body } : { ReversalResponse: body },
  );
  memory.keep(header.ServiceID ?? '', answer);
  return answer;
}

/** The host's word; the one place where money moves. */
function decide(
  terminal: Till,
  header: MessageHeader,
  operation: MoneyOperation,
  outcome: NextOutcome,
): SaleToPOIResponse {
  const { memory, card } = terminal;
  if (outcome.action === 'decline') return refused(terminal, header, operation, 'Refusal', outcome.reason);
  const charge = operation.kind === 'reversal' ? memory.reversible(operation.reference) : undefined;
  if (operation.kind === 'reversal' && !charge)
    return refused(terminal, header, operation, 'NotAllowed', 'STORNO NON POSSIBILE');
  const at = terminal.now();
  const reference = memory.nextReference();
  const asked = operation.kind === 'payment' ? operation.amountCents : (charge?.amountCents ?? 0);
  const amountCents = outcome.action === 'partial' ? Math.min(outcome.amountCents, asked) : asked;
  const Response = { Result: outcome.action === 'partial' ? ('Partial' as const) : ('Success' as const) };
  const POIData = { POITransactionID: { TransactionID: reference, TimeStamp: new Date(at).toISOString() } };
  const slip = { poiId: header.POIID, amountCents, reference, card };
  const payment: PaymentResponse = {
    Response,
    POIData,
    PaymentResult: {
      PaymentInstrumentData: {
        PaymentInstrumentType: 'Card',
        CardData: { PaymentBrand: card.brand, MaskedPAN: card.maskedPan, EntryMode: [card.entry] },
      },
      AmountsResp: { Currency: 'EUR', AuthorizedAmount: toAmount(amountCents) },
      PaymentAcquirerData: {
        AcquirerID: '00000000003',
        MerchantID: 'SIMULATO',
        AcquirerPOIID: header.POIID,
        ApprovalCode: `A${reference.slice(-5)}`,
      },
    },
    PaymentReceipt: receipts('PAGAMENTO', 'TRANSAZIONE ESEGUITA', slip),
  };
  const reversal: ReversalResponse = {
    Response,
    POIData,
    ReversedAmount: toAmount(amountCents),
    PaymentReceipt: receipts('STORNO', 'STORNO ESEGUITO', slip),
  };
  const answer = answerTo(
    header,
    operation.kind === 'payment' ? { PaymentResponse: payment } : { ReversalResponse: reversal },
  );
  memory.keep(header.ServiceID ?? '', answer, {
    reference,
    amountCents,
    at,
    kind: operation.kind === 'payment' ? 'charge' : 'reversal',
    ...(operation.kind === 'reversal' && { of: operation.reference }),
  });
  return answer;
}
