/** Paths of the server's HTTP API, for both ends. `:id` is a kioskPaymentId. */
export const TERMINAL_ROUTES = {
  /** The demo's own: a code that its settings name. */
  enrolment: '/api/v1/enrolment',
  /** A terminal that nobody knows asks to be taken in; repeated until somebody accepts. */
  askEnrolment: '/api/v1/enrolment/ask',
  /** How to reach the fleet link; asked at every start. */
  linkAccess: '/api/v1/link',
  rotateKey: '/api/v1/keys/rotate',
  /** What a command brought: logs, a picture. */
  commandAttachment: '/api/v1/commands/:id/attachment',
  time: '/api/v1/time',
  verify: '/api/v1/payments/verify',
  payment: '/api/v1/payments/:id',
  activate: '/api/v1/payments/:id/activate',
  outcome: '/api/v1/payments/:id/outcome',
  facts: '/api/v1/payments/:id/facts',
  receipt: '/api/v1/payments/:id/receipt',
  /** Gateway-driven terminals: ask the gateway for the card (POST), hear how it went (GET). */
  authorisation: '/api/v1/payments/:id/authorisation',
  /** A cart at pagoPA's checkout, to be paid on the phone. */
  carts: '/api/v1/carts',
  /** What can be paid here without a notice. */
  catalogue: '/api/v1/catalogue',
  /** Makes the debt position of a spontaneous payment. */
  debtPositions: '/api/v1/debt-positions',
  /** A citizen at the terminal asks for a person. */
  assistance: '/api/v1/assistance',
  posDays: '/api/v1/pos-days',
  usage: '/api/v1/usage',
  reports: '/api/v1/reports',
  logins: '/api/v1/logins',
  loginProof: '/api/v1/logins/:id/proof',
  /** The session's token goes in `CITIZEN_HEADER`, never in the path. */
  citizen: '/api/v1/citizen',
} as const;

/** The console's cookie session; every other console route needs it. */
export const CONSOLE_SESSION_ROUTE = '/console/session';
export const CONSOLE_API = '/console/api';

/** MQTT over WebSocket, on the server's own port. */
export const LINK_PATH = '/mqtt';

/** Sent with every console call that changes something; its value is in `ConsoleMe`. */
export const CSRF_HEADER = 'x-csrf-token';

/** Carries the token of a citizen's session on every call that is made for that citizen. */
export const CITIZEN_HEADER = 'jolly-citizen';
