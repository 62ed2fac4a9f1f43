import { type Cents, fromDecimal } from '@jolly/contracts/values';
import { type GatewayError, gatewayError } from '../../errors.ts';
import type { FeeBundle, Transfer } from '../../port.ts';
import { present } from '../../present.ts';
import type { NodeFault } from './faults.ts';
import { NODE_NAMESPACE } from './requests.ts';
import { readXml, type XmlElement } from './xml-read.ts';

/** What the node said: yes with data, no with a fault (`undefined` when it gave none), or nothing that can be read. */
export type NodeAnswer<Message> =
  | { readonly kind: 'ok'; readonly message: Message }
  | { readonly kind: 'refused'; readonly fault: NodeFault | undefined }
  | { readonly kind: 'unreadable'; readonly error: GatewayError };

export interface VerifyMessage {
  readonly amountCents: Cents;
  readonly option: string;
  readonly dueDate?: string;
  readonly paymentNote?: string;
  readonly description?: string;
  readonly creditorTaxCode?: string;
  readonly companyName?: string;
  readonly officeName?: string;
  readonly standIn: boolean;
}

export interface ActivateMessage {
  readonly totalCents: Cents;
  readonly paymentToken: string;
  readonly description?: string;
  readonly creditorTaxCode?: string;
  readonly companyName?: string;
  readonly officeName?: string;
  readonly transfers: readonly Transfer[];
  readonly creditorReferenceId?: string;
  readonly suggestedUserFeeCents?: Cents;
  readonly bundle?: FeeBundle;
  readonly standIn: boolean;
}

const SOAP_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/';

class Unreadable extends Error {
  readonly error: GatewayError;

  constructor(error: GatewayError) {
    super(error.message);
    this.error = error;
  }
}
const fail = (...args: Parameters<typeof gatewayError>): Unreadable => new Unreadable(gatewayError(...args));

/** Reads the fields of one element by the names of the XSD. */
class Fields {
  readonly #element: XmlElement;

  constructor(element: XmlElement) {
    this.#element = element;
  }

  all(name: string): readonly Fields[] {
    return this.#element.children.filter((child) => child.name === name).map((child) => new Fields(child));
  }

  one(name: string): Fields | undefined {
    const found = this.all(name);
    if (found.length > 1) throw fail('SOAP_FIELD_INVALID', { field: name, what: 'twice' });
    return found[0];
  }

  get value(): string {
    if (this.#element.children.length > 0) throw fail('SOAP_FIELD_INVALID', { field: this.#element.name });
    return this.#element.text;
  }

  /** Text of at most `max` characters; undefined when absent or blank. */
  text(name: string, max: number): string | undefined {
    const value = this.one(name)?.value.trim();
    if (!value) return undefined;
    if (Array.from(value).length > max) throw fail('SOAP_FIELD_INVALID', { field: name, what: 'too long' });
    return value;
  }

  need(name: string, max: number): string {
    const value = this.text(name, max);
    if (value === undefined) throw fail('SOAP_FIELD_INVALID', { field: name, what: 'missing' });
    return value;
  }

  amount(name: string): Cents | undefined {
    const text = this.text(name, 20);
    if (text === undefined) return undefined;
    const value = fromDecimal(text);
    if (value === undefined) throw fail('SOAP_FIELD_INVALID', { field: name, what: 'not an amount' });
    return value;
  }

  needAmount(name: string): Cents {
    const value = this.amount(name);
    if (value === undefined) throw fail('SOAP_FIELD_INVALID', { field: name, what: 'missing' });
    return value;
  }

  flag(name: string): boolean {
    const text = this.text(name, 5);
    if (text === undefined || text === 'false' || text === '0') return false;
    if (text === 'true' || text === '1') return true;
    throw fail('SOAP_FIELD_INVALID', { field: name, what: 'not a boolean' });
  }

  matching(name: string, pattern: RegExp): string | undefined {
    const text = this.text(name, 64);
    if (text !== undefined && !pattern.test(text)) throw fail('SOAP_FIELD_INVALID', { field: name });
    return text;
  }
}

/** The only element of the SOAP body. The prefix is free; envelope and body must be SOAP 1.1's. */
function bodyOf(bytes: Uint8Array): XmlElement {
  const read = readXml(bytes);
  if (!read.ok) throw new Unreadable(read.error);
  const { root } = read;
  const bodies = root.children.filter((child) => child.name === 'Body' && child.namespace === SOAP_NAMESPACE);
  const content = bodies[0]?.children;
  if (
    root.name !== 'Envelope' ||
    root.namespace !== SOAP_NAMESPACE ||
    bodies.length !== 1 ||
    content?.length !== 1
  ) {
    throw fail('SOAP_NOT_ENVELOPE');
  }
  const [element] = content;
  if (!element) throw fail('SOAP_NOT_ENVELOPE');
  if (element.name === 'Fault' && element.namespace === SOAP_NAMESPACE) throw fail('SOAP_FAULT');
  return element;
}

function faultOf(fields: Fields): NodeFault | undefined {
  const bean = fields.one('fault');
  if (!bean) return undefined;
  // Free text without a limit in the XSD: the whole message is bounded already.
  const text = (name: string) => bean.text(name, Number.MAX_SAFE_INTEGER);
  return present({
    faultCode: text('faultCode') ?? '',
    faultString: text('faultString') ?? '',
    id: text('id') ?? '',
    description: text('description'),
    originalFaultCode: text('originalFaultCode'),
    originalFaultString: text('originalFaultString'),
    originalDescription: text('originalDescription'),
  });
}

function decode<Message>(
  bytes: Uint8Array,
  root: string,
  read: (fields: Fields) => Message,
): NodeAnswer<Message> {
  try {
    const element = bodyOf(bytes);
    if (element.name !== root || element.namespace !== NODE_NAMESPACE) throw fail('SOAP_UNEXPECTED_ELEMENT');
    const fields = new Fields(element);
    const outcome = fields.need('outcome', 2);
    if (outcome === 'KO') return { kind: 'refused', fault: faultOf(fields) };
    if (outcome !== 'OK') throw fail('SOAP_FIELD_INVALID', { field: 'outcome' });
    return { kind: 'ok', message: read(fields) };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', error: error.error };
    throw error;
  }
}

const TAX_CODE = /^[0-9]{11}$/;
const DATE = /^\d{4}-\d{2}-\d{2}/;

/** The creditor as both answers name it. */
const creditor = (fields: Fields) => ({
  creditorTaxCode: fields.matching('fiscalCodePA', TAX_CODE),
  companyName: fields.text('companyName', 140),
  officeName: fields.text('officeName', 140),
});

/**
 * verifyPaymentNoticeRes, pagopa.md 3.2. Of several options the first counts: whatever its rule (EQ, LS, GT, ANY) its
 * amount is what is shown and paid.
 */
export function decodeVerify(bytes: Uint8Array): NodeAnswer<VerifyMessage> {
  return decode(bytes, 'verifyPaymentNoticeRes', (fields) => {
    const option = fields.one('paymentList')?.all('paymentOptionDescription')[0];
    if (!option) throw fail('SOAP_FIELD_INVALID', { field: 'paymentList', what: 'missing' });
    return present({
      amountCents: option.needAmount('amount'),
      option: option.need('options', 3),
      // xsd:date may carry a zone; the day is what is shown.
      dueDate: option.matching('dueDate', DATE)?.slice(0, 10),
      paymentNote: option.text('paymentNote', 210),
      description: fields.text('paymentDescription', 210),
      ...creditor(fields),
      standIn: fields.flag('standin'),
    });
  });
}

function transferOf(fields: Fields): Transfer {
  const id = fields.need('idTransfer', 1);
  if (!/^[1-5]$/.test(id)) throw fail('SOAP_FIELD_INVALID', { field: 'idTransfer' });
  const taxCode = fields.matching('fiscalCodePA', TAX_CODE);
  if (!taxCode) throw fail('SOAP_FIELD_INVALID', { field: 'fiscalCodePA', what: 'missing' });
  return present({
    idTransfer: Number(id),
    amountCents: fields.needAmount('transferAmount'),
    creditorTaxCode: taxCode,
    iban: fields.matching('IBAN', /^[a-zA-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}$/),
    stamp: fields.one('richiestaMarcaDaBollo') !== undefined,
    remittance: fields.text('remittanceInformation', 140) ?? '',
    category: fields.text('transferCategory', 140),
  });
}

function bundleOf(fields: Fields): FeeBundle | undefined {
  const bundle = present({
    idBundle: fields.text('suggestedIdBundle', 70),
    idCiBundle: fields.text('suggestedIdCiBundle', 70),
  });
  return Object.keys(bundle).length > 0 ? bundle : undefined;
}

/** activatePaymentNoticeV2Response, pagopa.md 3.3. Amount and token make an activation: without them it is unreadable. */
export function decodeActivate(bytes: Uint8Array): NodeAnswer<ActivateMessage> {
  return decode(bytes, 'activatePaymentNoticeV2Response', (fields) => {
    const transfers = (fields.one('transferList')?.all('transfer') ?? []).map(transferOf);
    if (transfers.length > 5) throw fail('SOAP_FIELD_INVALID', { field: 'transferList', what: 'too many' });
    return present({
      totalCents: fields.needAmount('totalAmount'),
      paymentToken: fields.need('paymentToken', 35),
      description: fields.text('paymentDescription', 140),
      ...creditor(fields),
      transfers,
      creditorReferenceId: fields.text('creditorReferenceId', 35),
      suggestedUserFeeCents: fields.amount('suggestedUserFee'),
      bundle: bundleOf(fields),
      standIn: fields.flag('standin'),
    });
  });
}

/** sendPaymentOutcomeV2Response, pagopa.md 3.4. */
export function decodeOutcome(bytes: Uint8Array): NodeAnswer<true> {
  return decode(bytes, 'sendPaymentOutcomeV2Response', () => true as const);
}
