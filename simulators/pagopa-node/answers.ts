import { type Fault, faultString } from './faults.ts';
import { creditorIban, type Notice } from './notices.ts';
import { decimal, iuv } from './numbers.ts';
import type { Token } from './positions.ts';
import { type Out, soap, textOf } from './xml/writer.ts';

export const NODE_NAMESPACE = 'http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd';

export type Operation = 'verify' | 'activate' | 'outcome';

const responses: Readonly<Record<Operation, string>> = {
  verify: 'verifyPaymentNoticeRes',
  activate: 'activatePaymentNoticeV2Response',
  outcome: 'sendPaymentOutcomeV2Response',
};

const text = (name: string, value: string | undefined, max: number): Out | undefined => {
  const kept = textOf(value, max);
  return kept === undefined ? undefined : [name, kept];
};

/** A refusal. `extended` channels get the creditor's own code in fields of its own (pagopa.md 3.5). */
export function refusal(operation: Operation, fault: Fault, extended: boolean): string {
  return soap(NODE_NAMESPACE, responses[operation], [
    ['outcome', 'KO'],
    [
      'fault',
      [
        ['faultCode', fault.code],
        ['faultString', faultString(fault.code)],
        ['id', 'NodoDeiPagamentiSPC'],
        fault.description !== undefined && ['description', fault.description],
        extended && fault.original && ['originalFaultCode', fault.original.code],
        extended && fault.original && ['originalFaultString', fault.original.text],
      ],
    ],
  ]);
}

export function verified(notice: Notice): string {
  return soap(NODE_NAMESPACE, responses.verify, [
    ['outcome', 'OK'],
    [
      'paymentList',
      [
        [
          'paymentOptionDescription',
          [
            ['amount', decimal(notice.amountCents)],
            ['options', 'EQ'],
            ['dueDate', notice.dueDate],
            text('paymentNote', notice.description, 210),
          ],
        ],
      ],
    ],
    text('paymentDescription', notice.description, 210),
    ['fiscalCodePA', notice.creditorTaxCode],
    text('companyName', notice.creditorName, 140),
    text('officeName', notice.office, 140),
    ['standin', String(notice.scenario === 'stand-in')],
  ]);
}

interface Share {
  readonly taxCode: string;
  readonly name: string;
  readonly iban: string;
  readonly cents: number;
  readonly category: string;
}

function transfer(notice: Notice, share: Share, index: number): Out {
  const stamp: Out = [
    'richiestaMarcaDaBollo',
    [
      ['hashDocumento', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
      ['tipoBollo', '01'],
      ['provinciaResidenza', 'PO'],
    ],
  ];
  const remittance = `/RFB/${iuv(notice.noticeNumber)}/${decimal(share.cents)}/TXT/${notice.description}`;
  return [
    'transfer',
    [
      ['idTransfer', String(index + 1)],
      ['transferAmount', decimal(share.cents)],
      ['fiscalCodePA', share.taxCode],
      text('companyName', share.name, 140),
      notice.scenario === 'stamp' ? stamp : ['IBAN', share.iban],
      text('remittanceInformation', remittance, 140),
      text('transferCategory', share.category, 140),
    ],
  ];
}

export function activated(notice: Notice, token: Token, suggestedFeeCents: number): string {
  const toOthers = notice.others.reduce((sum, { cents }) => sum + cents, 0);
  const own: Share = {
    taxCode: notice.creditorTaxCode,
    name: notice.creditorName,
    iban: creditorIban,
    cents: token.amountCents - toOthers,
    category: '9/0101100IM/',
  };
  return soap(NODE_NAMESPACE, responses.activate, [
    ['outcome', 'OK'],
    ['totalAmount', decimal(token.amountCents)],
    text('paymentDescription', notice.description, 140),
    ['fiscalCodePA', notice.creditorTaxCode],
    text('companyName', notice.creditorName, 140),
    text('officeName', notice.office, 140),
    ['paymentToken', token.token],
    ['transferList', [own, ...notice.others].map((share, index) => transfer(notice, share, index))],
    ['creditorReferenceId', iuv(notice.noticeNumber)],
    suggestedFeeCents > 0 ? ['suggestedUserFee', decimal(suggestedFeeCents)] : undefined,
    suggestedFeeCents > 0 ? ['suggestedIdBundle', 'fascio-dimostrativo'] : undefined,
    ['allCCP', 'false'],
    ['standin', String(notice.scenario === 'stand-in')],
  ]);
}

export const outcomeTaken = (): string => soap(NODE_NAMESPACE, responses.outcome, [['outcome', 'OK']]);
