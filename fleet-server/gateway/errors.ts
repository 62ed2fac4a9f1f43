import { errorsOf, type JollyError } from '@jolly/contracts/values';

/**
 * What can go wrong between the server and a gateway, apart from the faults that the node itself names
 * (those are in `node-soap/codec/faults.ts`). The code is what an operator item and the log carry as reason.
 */
export const gatewayErrors = {
  NODE_CONNECT_FAILED: {
    cause: 'No connection to the node: refused, name not found, certificate not accepted',
    retry: 'later',
    message: 'problem.node-unreachable',
    cure: 'Check gateway.url, the firewall and the certificate of the platform',
  },
  NODE_CONNECT_TIMEOUT: {
    cause: 'The connection to the node was not made in time',
    retry: 'later',
    message: 'problem.node-unreachable',
    cure: 'Check the way to the Internet; the limit is gateway.timeouts.connectMs',
  },
  NODE_ANSWER_TIMEOUT: {
    cause: 'The node did not answer in time; the request may have been done',
    retry: 'later',
    message: 'problem.node-unreachable',
    cure: 'Look at the state of the platform (status.platform.pagopa.it); limits are in gateway.timeouts',
  },
  NODE_CONNECTION_LOST: {
    cause: 'The connection broke before the whole answer came; the request may have been done',
    retry: 'later',
    message: 'problem.node-unreachable',
    cure: 'Nothing when it is rare; otherwise look for a proxy that cuts long requests',
  },
  NODE_HTTP_STATUS: {
    cause: 'The platform answered with an HTTP status other than 200',
    retry: 'later',
    message: 'problem.node-unreachable',
    cure: '401/403: the subscription key (jolly secrets set). 429: too many calls. 5xx: the platform',
  },
  NODE_CREDENTIALS_INVALID: {
    cause: 'The password of the channel is not 8 to 15 characters long',
    retry: 'no',
    message: 'problem.glitch',
    cure: 'Set it again: jolly secrets set gateway-password (PLACEHOLDER when the PSP uses keys)',
  },
  MIL_ANSWER_INVALID: {
    cause: 'The answer of MIL is not JSON or does not follow its interface',
    retry: 'later',
    cure: 'Check gateway.urls; report it to PagoPA with the RequestId of the call',
  },
  MIL_TERMINAL_UNKNOWN: {
    cause: 'The terminal has no name at MIL in gateway.terminals',
    retry: 'no',
    message: 'problem.glitch',
    cure: 'Add it to gateway.terminals with the id PagoPA knows it by',
  },
  POS_GATEWAY_ANSWER_INVALID: {
    cause: 'The answer of the POS gateway or of the payment options service does not follow its interface',
    retry: 'later',
    cure: 'Check gateway.url and gateway.paymentOptionsUrl; the interface of the POS gateway is a draft',
  },
  SOAP_TOO_LARGE: {
    cause: 'The answer is larger than any answer of the node can be',
    retry: 'later',
    cure: 'Something else than the node answers at gateway.url',
  },
  SOAP_TOO_DEEP: {
    cause: 'The answer nests elements deeper than any answer of the node does',
    retry: 'later',
    cure: 'Something else than the node answers at gateway.url',
  },
  SOAP_DTD_REFUSED: {
    cause: 'The answer declares a document type or an entity',
    retry: 'later',
    cure: 'Something else than the node answers at gateway.url',
  },
  SOAP_NOT_XML: {
    cause: 'The answer is not well-formed XML in UTF-8',
    retry: 'later',
    cure: 'Often an HTML page of a proxy; or the answer was cut short',
  },
  SOAP_NOT_ENVELOPE: {
    cause: 'The answer is XML, but not a SOAP 1.1 envelope with one element in its body',
    retry: 'later',
    cure: 'Check gateway.url',
  },
  SOAP_FAULT: {
    cause: 'The node answered with a SOAP fault instead of an outcome',
    retry: 'later',
    cure: 'The request did not reach the service: check gateway.url and the SOAPAction the PSP asks for',
  },
  SOAP_UNEXPECTED_ELEMENT: {
    cause: 'The answer is to another operation',
    retry: 'later',
    cure: 'A proxy mixes answers up: take it away',
  },
  SOAP_FIELD_INVALID: {
    cause: 'A field of the answer is missing or malformed',
    retry: 'later',
    cure: 'Report it to the PSP with the time of the call',
  },
} as const;

export type GatewayErrorCode = keyof typeof gatewayErrors;
export type GatewayError = JollyError<GatewayErrorCode>;
export const gatewayError = errorsOf(gatewayErrors);
