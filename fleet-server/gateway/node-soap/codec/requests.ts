import type { NoticeKey } from '@jolly/contracts/notice';
import { type Cents, toDecimal } from '@jolly/contracts/values';
import { gatewayError } from '../../errors.ts';
import type { FeeBundle } from '../../port.ts';
import { clip, envelope, type Node } from './xml-write.ts';

export const NODE_NAMESPACE = 'http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd';

/** Who calls: codes given by the PSP, and the password of the channel (pagopa.md 3.1). */
export interface Caller {
  readonly idPsp: string;
  readonly idBrokerPsp: string;
  readonly idChannel: string;
  /** 8..15 characters. */
  readonly password: string;
}

export interface ActivateRequest {
  readonly idempotencyKey: string;
  readonly notice: NoticeKey;
  /** Token life asked for, ms, at most 1 800 000. */
  readonly expirationMs: number;
  readonly amountCents: Cents;
}

export interface OutcomeDetails {
  readonly paymentMethod: 'cash' | 'creditCard' | 'bancomat' | 'other';
  readonly paymentChannel?: 'frontOffice' | 'atm' | 'onLine' | 'app' | 'other';
  readonly feeCents: Cents;
  /** ISO dates. */
  readonly applicationDate: string;
  readonly transferDate: string;
  readonly bundle?: FeeBundle | undefined;
}

export interface OutcomeRequest {
  readonly idempotencyKey: string;
  readonly paymentToken: string;
  readonly outcome: 'OK' | 'KO';
  /** Always sent with OK; may be left out with KO (pagopa.md 3.4). */
  readonly details?: OutcomeDetails | undefined;
}

function head(caller: Caller): readonly Node[] {
  const length = Array.from(caller.password).length;
  if (length < 8 || length > 15) throw gatewayError('NODE_CREDENTIALS_INVALID', { length });
  return [
    ['idPSP', clip(caller.idPsp, 35)],
    ['idBrokerPSP', clip(caller.idBrokerPsp, 35)],
    ['idChannel', clip(caller.idChannel, 35)],
    ['password', caller.password],
  ];
}

const qrCode = (notice: NoticeKey): Node => [
  'qrCode',
  [
    ['fiscalCode', notice.creditorTaxCode],
    ['noticeNumber', notice.noticeNumber],
  ],
];

/** verifyPaymentNotice, pagopa.md 3.2. */
export function encodeVerify(caller: Caller, notice: NoticeKey): string {
  return envelope(NODE_NAMESPACE, 'verifyPaymentNoticeReq', [...head(caller), qrCode(notice)]);
}

/** activatePaymentNoticeV2, pagopa.md 3.3: always by card (`CP`) at a physical POS, as the guidelines ask (2.1). */
export function encodeActivate(caller: Caller, request: ActivateRequest): string {
  return envelope(NODE_NAMESPACE, 'activatePaymentNoticeV2Request', [
    ...head(caller),
    ['idempotencyKey', request.idempotencyKey],
    qrCode(request.notice),
    ['expirationTime', String(Math.min(1_800_000, Math.floor(request.expirationMs)))],
    ['amount', toDecimal(request.amountCents)],
    ['paymentMethod', 'CP'],
    ['touchPoint', 'POS'],
  ]);
}

/** sendPaymentOutcomeV2, pagopa.md 3.4: one token per outcome, or the node refuses it. */
export function encodeOutcome(caller: Caller, request: OutcomeRequest): string {
  const details = request.details;
  return envelope(NODE_NAMESPACE, 'sendPaymentOutcomeV2Request', [
    ...head(caller),
    ['idempotencyKey', request.idempotencyKey],
    ['paymentTokens', [['paymentToken', clip(request.paymentToken, 35)]]],
    ['outcome', request.outcome],
    details && [
      'details',
      [
        ['paymentMethod', details.paymentMethod],
        details.paymentChannel && ['paymentChannel', details.paymentChannel],
        ['fee', toDecimal(details.feeCents)],
        details.bundle?.idBundle === undefined ? undefined : ['idBundle', clip(details.bundle.idBundle, 70)],
        details.bundle?.idCiBundle === undefined
          ? undefined
          : ['idCiBundle', clip(details.bundle.idCiBundle, 70)],
        ['applicationDate', details.applicationDate],
        ['transferDate', details.transferDate],
      ],
    ],
  ]);
}

/**
 * Day on which the PSP credits a charge made on `applicationDate` (ISO dates): the next one that is neither Saturday
 * nor Sunday. Bank holidays are the PSP's business; its reporting flow carries the true date.
 */
export function transferDateOf(applicationDate: string): string {
  const day = new Date(`${applicationDate}T00:00:00Z`);
  do day.setUTCDate(day.getUTCDate() + 1);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return day.toISOString().slice(0, 10);
}
