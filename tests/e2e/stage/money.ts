import assert from 'node:assert/strict';
import type { OperatorItem, PaymentRow } from '@jolly/contracts/fleet-api';
import type { ConsoleApi } from './console-api.ts';
import type { Notice, PosLedger, Simulators, Slip } from './simulators.ts';
import { until } from './until.ts';

/** The demo's own payment service provider, as the node knows it. */
const OUR_PSP = 'BDIMITMM';

/** Charges that no node took: a person has to give them back or find them. */
const UNSETTLED: ReadonlySet<OperatorItem['kind']> = new Set([
  'refund',
  'charge-unknown',
  'outcome-rejected',
]);

/** How much there was to see before a scenario. */
export interface Mark {
  readonly movements: number;
  readonly slips: readonly string[];
}

export type SlipKind = 'receipt' | 'duplicate' | 'provisional' | 'uncertain' | 'reversal';

const SLIP_WORDS: readonly (readonly [SlipKind, RegExp])[] = [
  ['duplicate', /DUPLICATO/],
  ['receipt', /ATTESTAZIONE DI PAGAMENTO/],
  ['provisional', /Conferma in corso/],
  ['uncertain', /ESITO DA VERIFICARE/],
  ['reversal', /STORNO/],
];

export const slipKind = (slip: Slip): SlipKind | undefined =>
  SLIP_WORDS.find(([, words]) => words.test(slip.text))?.[0];

/** What the witnesses must say about a notice after a scenario. */
export interface Expected {
  readonly notice: Notice;
  /** Cents of each charge and each reversal in the POS's ledger since the mark. */
  readonly charged?: readonly number[];
  readonly reversed?: readonly number[];
  /** How often the node took our money for this notice. */
  readonly paid: 0 | 1;
  /** Payments of this notice that the server knows, newest first. */
  readonly states: readonly PaymentRow['state'][];
  /** How the newest payment's receipt reached the citizen. */
  readonly receipt?: PaymentRow['receipt'];
  /** What came out of the printer since the mark. */
  readonly slips?: readonly SlipKind[];
  /** What a person is asked to settle about this notice's payments. */
  readonly items?: readonly OperatorItem['kind'][];
}

/** Proves where the money is from what POS, node, server and printer each wrote down. */
export class MoneyProof {
  readonly #devices: Simulators;
  readonly #console: ConsoleApi;

  constructor(devices: Simulators, console: ConsoleApi) {
    this.#devices = devices;
    this.#console = console;
  }

  async mark(): Promise<Mark> {
    const [{ ledger }, slips] = await Promise.all([this.#devices.posState(), this.#devices.slips()]);
    return { movements: ledger.length, slips: slips.map(({ id }) => id) };
  }

  /** Slips that came out since the mark, oldest first. */
  async slipsSince(mark: Mark): Promise<readonly Slip[]> {
    const slips = await this.#devices.slips();
    const fresh = slips.filter(({ id }) => !mark.slips.includes(id));
    return [...fresh].sort((a, b) => Number(a.id) - Number(b.id));
  }

  /**
   * Every cent that the POS kept was taken by the node once, or is in a person's hands: over all that was played.
   */
  async balance(): Promise<void> {
    await until('the books balance', async () => {
      const [{ ledger }, { paid }, items, rows] = await Promise.all([
        this.#devices.posState(),
        this.#devices.ledger(),
        this.#console.items(),
        this.#console.payments(),
      ]);
      const confirmed = rows.filter(({ state }) => /^confirmed/.test(state));
      const registered = new Set(confirmed.map(idOf));
      // the PSP's, on top of what the node takes
      const fees = sum(confirmed.map(({ feeCents }) => feeCents ?? 0));
      const kept = sum(cents(ledger, 'charge')) - sum(cents(ledger, 'reversal'));
      const ours = paid.flatMap(({ noticeNumber, acquisitions }) =>
        acquisitions.filter(({ psp }) => psp === OUR_PSP).map((taken) => ({ ...taken, noticeNumber })),
      );
      const twice = ours.filter(({ noticeNumber }, at) =>
        ours.slice(0, at).some((other) => other.noticeNumber === noticeNumber),
      );
      assert.deepEqual(twice, [], 'a notice was paid twice');
      const taken = sum(ours.map(({ amountCents }) => amountCents));
      // a payment that is registered may wait for a person too: its citizen went without the receipt
      const unsettled = items.filter(
        ({ kind, state, kioskPaymentId: id }) =>
          UNSETTLED.has(kind) && state !== 'closed' && !(id && registered.has(id)),
      );
      const handed = sum(unsettled.map(({ amountCents }) => amountCents ?? 0));
      assert.equal(
        kept,
        taken + fees + handed,
        `POS kept ${kept}, the node took ${taken}, fees ${fees}, persons hold ${handed}`,
      );
      return true;
    });
  }

  /** Waits until all witnesses say what is expected; rejects with the difference. */
  async prove(mark: Mark, expected: Expected, withinMs = 8000): Promise<void> {
    const { notice } = expected;
    const wanted = {
      charged: expected.charged ?? [],
      reversed: expected.reversed ?? [],
      paid: expected.paid,
      states: expected.states,
      receipt: expected.receipt ?? 'none',
      slips: expected.slips ?? [],
      items: [...(expected.items ?? [])].sort(),
    };
    await until(
      `the ledgers agree about ${notice.noticeNumber}`,
      async () => {
        const [{ ledger }, node, rows, items, slips] = await Promise.all([
          this.#devices.posState(),
          this.#devices.ledger(),
          this.#console.payments(notice.noticeNumber),
          this.#console.items(),
          this.slipsSince(mark),
        ]);
        const ids = rows.map(({ kioskPaymentId }) => kioskPaymentId);
        const found = {
          charged: cents(ledger.slice(mark.movements), 'charge'),
          reversed: cents(ledger.slice(mark.movements), 'reversal'),
          paid: timesPaid(node.paid, notice.noticeNumber),
          states: rows.map(({ state }) => state),
          receipt: rows[0]?.receipt ?? 'none',
          slips: slips.flatMap((slip) => slipKind(slip) ?? []),
          items: items
            .filter(({ kioskPaymentId }) => kioskPaymentId && ids.includes(kioskPaymentId))
            .map(({ kind }) => kind)
            .sort(),
        };
        assert.deepEqual(found, wanted);
        return true;
      },
      withinMs,
    );
  }
}

const idOf = (row: PaymentRow): string => row.kioskPaymentId;
const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

const cents = (ledger: PosLedger, kind: PosLedger[number]['kind']): readonly number[] =>
  ledger.filter((entry) => entry.kind === kind).map(({ amountCents }) => amountCents);

function timesPaid(
  paid: readonly { readonly noticeNumber: string; readonly acquisitions: readonly { psp: string }[] }[],
  noticeNumber: string,
): number {
  return paid
    .filter((entry) => entry.noticeNumber === noticeNumber)
    .flatMap(({ acquisitions }) => acquisitions)
    .filter(({ psp }) => psp === OUR_PSP).length;
}
