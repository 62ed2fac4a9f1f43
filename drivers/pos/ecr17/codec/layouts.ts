import { amount, flag, type Layout, left, n, x, zeros } from './fields.ts';

/**
 * Layouts of what the terminal sends, after the common head (pos.md 1.4). The result decides the first part of a
 * payment's answer, the length how much of the tail is there.
 */
const approved = [
  n('result', 2),
  x('pan', 19),
  left('entry', 3),
  left('authCode', 6),
  n('hostDateTime', 7),
] as const;
const refused = [n('result', 2), left('reason', 24), x('filler', 11)] as const;
/** Results 05 and 09: the middle is not published, only the tail may be read. */
const opaque = [n('result', 2), x('filler', 35)] as const;
const tail = [x('cardType', 1), left('acquirerId', 11), n('stan', 6), n('onlineId', 6)] as const;
const reversalEnd = [n('actionCode', 3), zeros(10)] as const;
const extendedEnd = [n('actionCode', 3), amount('hostAmountCents', 8), zeros(10)] as const;
const exchange = [
  flag('exchanged'),
  n('rate', 8),
  x('currency', 3),
  n('exchangedAmount', 12),
  n('precision', 1),
  zeros(10),
] as const;
const exchangeEnd = [n('actionCode', 3), amount('hostAmountCents', 8), ...exchange] as const;
const closureExchangeEnd = [n('actionCode', 3), ...exchange] as const;

/** How much a payment's answer says; told from its length, since all carry the code `E` or `V`. */
export type PaymentForm = 'plain' | 'reversal' | 'extended' | 'exchange' | 'closure-exchange';

export const paymentEnds: Readonly<Record<PaymentForm, Layout>> = {
  plain: [],
  reversal: reversalEnd,
  extended: extendedEnd,
  exchange: exchangeEnd,
  'closure-exchange': closureExchangeEnd,
};

export function paymentLayout(result: string, form: PaymentForm): Layout {
  const first = result === '00' ? approved : result === '01' ? refused : opaque;
  return [...first, ...tail, ...paymentEnds[form]];
}

export const preAuthorised: Layout = [
  n('result', 2),
  x('pan', 19),
  left('entry', 3),
  left('authCode', 6),
  amount('preAuthorisedCents', 8),
  n('preAuthCode', 9),
  n('actionCode', 3),
  n('hostDateTime', 7),
  zeros(4),
  left('acquirerId', 11),
  n('stan', 6),
  n('onlineId', 6),
  zeros(12),
];
export const preAuthRefused: Layout = [
  n('result', 2),
  left('reason', 24),
  n('actionCode', 3),
  zeros(8),
  x('cardType', 1),
  zeros(23),
  left('acquirerId', 11),
  n('stan', 6),
  n('onlineId', 6),
  zeros(12),
];
export const incremented: Layout = [
  n('result', 2),
  x('pan', 19),
  left('entry', 3),
  left('acquirerId', 11),
  left('authCode', 6),
  n('stan', 6),
  n('onlineId', 6),
  n('hostDateTime', 7),
  n('actionCode', 3),
  zeros(2),
];
/** Not published beyond the reason. */
export const incrementRefused: Layout = [n('result', 2), left('reason', 24)];
export const status: Layout = [zeros(10), n('dateTime', 10), n('status', 1), x('software', 8)];
export const totals: Layout = [n('result', 2), amount('posTotalCents', 16), zeros(6)];
export const closed: Layout = [n('result', 2), amount('posTotalCents', 16), amount('hostTotalCents', 16)];
export const closeRefused: Layout = [n('result', 2), left('reason', 19), n('actionCode', 3), zeros(10)];
export const hostData: Layout = [zeros(6), n('length', 3)];
export const vas: Layout = [zeros(4), flag('more'), n('number', 3), x('filler', 4), n('length', 4)];
