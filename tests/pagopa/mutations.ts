import fc from 'fast-check';

/** A request as a tree, so that it can be bent out of shape. */
type Tree = readonly [name: string, content: string | readonly Tree[]];

const head: readonly Tree[] = [
  ['idPSP', 'BDIMITMM'],
  ['idBrokerPSP', '02654890025'],
  ['idChannel', '02654890025_01'],
  ['password', 'PLACEHOLDER'],
];
const qrCode: Tree = [
  'qrCode',
  [
    ['fiscalCode', '84006890481'],
    ['noticeNumber', '302000120456789276'],
  ],
];

const requests: readonly Tree[] = [
  ['verifyPaymentNoticeReq', [...head, qrCode]],
  [
    'activatePaymentNoticeV2Request',
    [
      ...head,
      ['idempotencyKey', '02654890025_abcdefgh12'],
      qrCode,
      ['expirationTime', '600000'],
      ['amount', '123.45'],
      ['dueDate', '2026-12-02'],
      ['paymentNote', 'nota'],
      ['paymentMethod', 'CP'],
      ['touchPoint', 'POS'],
    ],
  ],
  [
    'sendPaymentOutcomeV2Request',
    [
      ...head,
      ['idempotencyKey', '02654890025_abcdefgh12'],
      ['paymentTokens', [['paymentToken', 'a'.repeat(32)]]],
      ['outcome', 'OK'],
      [
        'details',
        [
          ['paymentMethod', 'creditCard'],
          ['paymentChannel', 'other'],
          ['fee', '0.00'],
          ['primaryCiIncurredFee', '0.50'],
          ['idBundle', 'bundle'],
          ['idCiBundle', 'bundle'],
          [
            'payer',
            [
              [
                'uniqueIdentifier',
                [
                  ['entityUniqueIdentifierType', 'F'],
                  ['entityUniqueIdentifierValue', 'RSSMRA80A01H501U'],
                ],
              ],
              ['fullName', 'Mario Rossi'],
              ['streetName', 'Via Roma'],
              ['civicNumber', '1'],
              ['postalCode', '59100'],
              ['city', 'Prato'],
              ['stateProvinceRegion', 'PO'],
              ['country', 'IT'],
              ['e-mail', 'mario.rossi@example.it'],
            ],
          ],
          ['applicationDate', '2026-11-21'],
          ['transferDate', '2026-11-23'],
          [
            'marcheDaBollo',
            [
              [
                'marcaDaBollo',
                [
                  ['paymentToken', 'b'.repeat(32)],
                  ['idTransfer', '1'],
                  ['MBDAttachment', 'QUJD'],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  ],
];

const oddTexts = [
  ...[
    '',
    ' ',
    'OK',
    'KO',
    ' OK',
    'ok',
    'F',
    'G',
    'CP',
    'POS',
    'atm',
    'IT',
    'it',
    'a@b',
    'a@',
    '@b',
    'AA==',
    'AB==',
  ],
  ...['QUJ D', 'QUI=', 'QUJ=', '0.00', '1.5', '1.50', ' 2.50 ', '-1.00', '+1.00', '.50', '999999999.99'],
  ...[
    '1000000000.00',
    '00000001.00',
    '5',
    '05',
    '+5',
    '6',
    '0',
    ' 3 ',
    '-1',
    '1800000',
    '1800001',
    '1e3',
    '٣.٠٠',
  ],
  ...[
    '2026-02-29',
    '2024-02-29',
    '2026-12-31Z',
    '2026-12-31+14:00',
    '2026-12-31+14:01',
    '0000-01-01',
    '12026-01-01',
  ],
  ...[
    '2026-1-1',
    '2026-13-01',
    'à'.repeat(35),
    'à'.repeat(36),
    '𝒳'.repeat(15),
    '𝒳'.repeat(16),
    'x'.repeat(70),
  ],
  ...['x'.repeat(71), 'x'.repeat(140), 'x'.repeat(210), 'x'.repeat(211), '84006890481', '302000120456789276'],
  ...['12345678', '1234567', 'ab_0123456789', 'a_0123456789', `${'a'.repeat(18)}_0123456789`, 'ab_012345678'],
] as const;

type Mutation =
  | 'keep'
  | 'drop'
  | 'duplicate'
  | 'six-times'
  | 'swap'
  | 'replace'
  | 'lengthen'
  | 'rename'
  | 'text-between'
  | 'child-in-text';

function bend(children: readonly Tree[], index: number, mutation: Mutation, odd: string): readonly Tree[] {
  const chosen = children[index];
  if (!chosen) return children;
  const [name, content] = chosen;
  const put = (...trees: readonly Tree[]) => children.toSpliced(index, 1, ...trees);
  switch (mutation) {
    case 'keep':
      return children;
    case 'drop':
      return put();
    case 'duplicate':
      return put(chosen, chosen);
    case 'six-times':
      return put(chosen, chosen, chosen, chosen, chosen, chosen);
    case 'swap': {
      const next = children[index + 1];
      return next ? children.toSpliced(index, 2, next, chosen) : children;
    }
    case 'replace':
      return put([name, odd]);
    case 'lengthen':
      return put([name, typeof content === 'string' ? content + content : [...content, ...content]]);
    case 'rename':
      return put([`${name}X`, content]);
    case 'text-between':
      return put([name, typeof content === 'string' ? ` ${content} ` : [...content, ['#', odd]]]);
    case 'child-in-text':
      return put([name, [['b', odd]]]);
  }
}

/** Bends the tree at a place chosen by `walk`: each number goes one level down, the last names the child. */
function bendAt(tree: Tree, walk: readonly number[], mutation: Mutation, odd: string): Tree {
  const [name, content] = tree;
  if (typeof content === 'string' || content.length === 0) return tree;
  const [first = 0, ...rest] = walk;
  const index = first % content.length;
  const child = content[index];
  if (rest.length > 0 && child && typeof child[1] !== 'string') {
    return [name, content.toSpliced(index, 1, bendAt(child, rest, mutation, odd))];
  }
  return [name, bend(content, index, mutation, odd)];
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const write = ([name, content]: Tree): string => {
  if (name === '#') return typeof content === 'string' ? escaped(content) : '';
  return `<${name}>${typeof content === 'string' ? escaped(content) : content.map(write).join('')}</${name}>`;
};

const NAMESPACE = 'http://pagopa-api.pagopa.gov.it/node/nodeForPsp.xsd';

function document([name, content]: Tree, dress: string): string {
  const inside = typeof content === 'string' ? escaped(content) : content.map(write).join('');
  switch (dress) {
    case 'default-namespace':
      return `<${name} xmlns="${NAMESPACE}">${inside}</${name}>`;
    case 'attribute':
      return `<n:${name} xmlns:n="${NAMESPACE}" id="1">${inside}</n:${name}>`;
    case 'schema-location':
      return `<n:${name} xmlns:n="${NAMESPACE}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b">${inside}</n:${name}>`;
    default:
      return `<n:${name} xmlns:n="${NAMESPACE}">${inside}</n:${name}>`;
  }
}

/** Requests with one or two things wrong, or nothing: documents for both validators. */
export const mutatedRequests = fc
  .record({
    request: fc.constantFrom(...requests),
    changes: fc.array(
      fc.record({
        walk: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 4 }),
        mutation: fc.constantFrom<Mutation>(
          ...(['keep', 'drop', 'duplicate', 'six-times', 'swap', 'replace', 'replace', 'replace'] as const),
          ...(['lengthen', 'rename', 'text-between', 'child-in-text'] as const),
        ),
        odd: fc.constantFrom(...oddTexts),
      }),
      { minLength: 0, maxLength: 2 },
    ),
    dress: fc.constantFrom('', '', '', '', '', '', 'default-namespace', 'attribute', 'schema-location'),
  })
  .map(({ request, changes, dress }) =>
    document(
      changes.reduce((tree, { walk, mutation, odd }) => bendAt(tree, walk, mutation, odd), request),
      dress,
    ),
  );
