import { amount, base64, between, date, integerUpTo, matching, oneOf } from './types.ts';
import { many, one, optional, sequence, type Type } from './validator.ts';

/** Structure of the three requests (pagopa.md 3.1 to 3.4), written from the rules and checked against the XSD by tests. */

const head = [
  one('idPSP', between(1, 35)),
  one('idBrokerPSP', between(1, 35)),
  one('idChannel', between(1, 35)),
  one('password', between(8, 15)),
];
const idempotencyKey = optional('idempotencyKey', matching(/^[a-zA-Z0-9]{2,18}_[a-zA-Z0-9]{10}$/));
const qrCode = one(
  'qrCode',
  sequence(one('fiscalCode', matching(/^[0-9]{11}$/)), one('noticeNumber', matching(/^[0-9]{18}$/))),
);

const payer = sequence(
  one(
    'uniqueIdentifier',
    sequence(
      one('entityUniqueIdentifierType', oneOf('F', 'G')),
      one('entityUniqueIdentifierValue', between(2, 16)),
    ),
  ),
  one('fullName', between(1, 70)),
  optional('streetName', between(1, 70)),
  optional('civicNumber', between(1, 16)),
  optional('postalCode', between(1, 16)),
  optional('city', between(1, 35)),
  optional('stateProvinceRegion', between(1, 35)),
  optional('country', matching(/^[A-Z]{2}$/)),
  optional('e-mail', matching(/^(?=.{0,256}$)[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*$/)),
);

const stamps = sequence(
  many(
    'marcaDaBollo',
    sequence(
      one('paymentToken', between(1, 35)),
      one('idTransfer', integerUpTo(5n, 1n)),
      one('MBDAttachment', base64),
    ),
    25,
  ),
);

const details = sequence(
  one('paymentMethod', oneOf('cash', 'creditCard', 'bancomat', 'other')),
  optional('paymentChannel', oneOf('frontOffice', 'atm', 'onLine', 'app', 'other')),
  one('fee', amount),
  optional('primaryCiIncurredFee', amount),
  optional('idBundle', between(1, 70)),
  optional('idCiBundle', between(1, 70)),
  optional('payer', payer),
  one('applicationDate', date),
  one('transferDate', date),
  optional('marcheDaBollo', stamps),
);

export const verifyRequest: Type = sequence(...head, qrCode);

export const activateRequest: Type = sequence(
  ...head,
  idempotencyKey,
  qrCode,
  optional('expirationTime', integerUpTo(1_800_000n)),
  one('amount', amount),
  optional('dueDate', date),
  optional('paymentNote', between(1, 210)),
  optional('paymentMethod', oneOf('BBT', 'BP', 'AD', 'CP', 'PO', 'OBEP', 'JIF', 'MYBK', 'PPAL')),
  optional('touchPoint', oneOf('IO', 'WISP', 'CHECKOUT', 'PSP', 'ATM', 'BETTING', 'TS', 'HB', 'POS')),
);

export const outcomeRequest: Type = sequence(
  ...head,
  idempotencyKey,
  one('paymentTokens', sequence(many('paymentToken', between(1, 35), 5))),
  one('outcome', oneOf('OK', 'KO')),
  optional('details', details),
);
