import { NODE_NAMESPACE, type Operation } from './answers.ts';
import type { Caller } from './configuration.ts';
import { activateRequest, outcomeRequest, verifyRequest } from './schema/requests.ts';
import { type Type, violation } from './schema/validator.ts';
import { type Element, isBlank, parse } from './xml/reader.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

const operations: Readonly<
  Record<string, { readonly operation: Operation; readonly action: string; readonly type: Type }>
> = {
  verifyPaymentNoticeReq: { operation: 'verify', action: 'verifyPaymentNotice', type: verifyRequest },
  activatePaymentNoticeV2Request: {
    operation: 'activate',
    action: 'activatePaymentNoticeV2',
    type: activateRequest,
  },
  sendPaymentOutcomeV2Request: {
    operation: 'outcome',
    action: 'sendPaymentOutcomeV2',
    type: outcomeRequest,
  },
};

/** A request that holds to the interface. Fields are read by path, as the XSD names them. */
export interface NodeRequest {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly idempotencyKey?: string | undefined;
  /** All of it, word for word: what a repeated key must repeat. */
  readonly wording: string;
  field(...path: string[]): string | undefined;
  fields(...path: string[]): readonly string[];
}

export type ReadRequest =
  | { readonly ok: true; readonly request: NodeRequest }
  | { readonly ok: false; readonly operation: Operation; readonly code: string; readonly reason: string }
  /** For no operation of this service: only a SOAP fault can answer. */
  | { readonly ok: false; readonly operation: undefined; readonly reason: string };

/** The operation that a SOAPAction header names. */
export function operationOfAction(action: string | undefined): Operation | undefined {
  const name = action?.replace(/^"|"$/g, '');
  return Object.values(operations).find((each) => each.action === name)?.operation;
}

function bodyElement(root: Element): Element | string {
  if (root.local !== 'Envelope' || root.namespace !== SOAP) return 'not a SOAP 1.1 envelope';
  const parts = root.children.map(({ local, namespace }) => (namespace === SOAP ? local : ''));
  if (parts.join() !== 'Body' && parts.join() !== 'Header,Body') return 'not a SOAP 1.1 envelope';
  const body = root.children.at(-1);
  const element = body?.children[0];
  if (!body || !element || body.children.length !== 1 || !isBlank(body.text))
    return 'one body element expected';
  return element;
}

const words = (element: Element): unknown =>
  element.children.length > 0 ? [element.local, element.children.map(words)] : [element.local, element.text];

function at(element: Element, path: readonly string[]): readonly Element[] {
  return path.reduce<readonly Element[]>(
    (found, name) => found.flatMap(({ children }) => children.filter(({ local }) => local === name)),
    [element],
  );
}

/** Bytes → a valid request, or what the node says to an invalid one. */
export function readRequest(bytes: Uint8Array, soapAction: string | undefined): ReadRequest {
  const wished = operationOfAction(soapAction);
  const syntax = (operation: Operation | undefined, reason: string): ReadRequest =>
    operation
      ? { ok: false, operation, code: 'PPT_SINTASSI_EXTRAXSD', reason }
      : { ok: false, operation: undefined, reason };
  const parsed = parse(bytes);
  if (!parsed.ok) return syntax(wished, parsed.reason);
  const element = bodyElement(parsed.root);
  if (typeof element === 'string') return syntax(wished, element);
  const known = Object.hasOwn(operations, element.local) ? operations[element.local] : undefined;
  if (!known) return syntax(wished, 'unknown element');
  if (element.namespace !== NODE_NAMESPACE) return syntax(known.operation, 'unknown namespace');
  const wrong = violation(element, known.type);
  if (wrong) return syntax(known.operation, wrong);
  if (wished && wished !== known.operation) {
    return { ok: false, operation: known.operation, code: 'PPT_SOAPACTION_ERRATA', reason: known.action };
  }
  const field = (...path: string[]) => at(element, path)[0]?.text;
  const head = (name: string) => field(name) ?? '';
  return {
    ok: true,
    request: {
      operation: known.operation,
      caller: {
        idPsp: head('idPSP'),
        idBroker: head('idBrokerPSP'),
        idChannel: head('idChannel'),
        password: head('password'),
      },
      idempotencyKey: field('idempotencyKey'),
      wording: JSON.stringify(words(element)),
      field,
      fields: (...path) => at(element, path).map(({ text }) => text),
    },
  };
}
