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
  logins: '/api/v1/logins',
  loginProof: '/api/v1/logins/:id/proof',
  /** The session's token goes in `CITIZEN_HEADER`, never in the path. */
  citizen: '/api/v1/citizen',
} as const;

/** The console's cookie session; every other console route needs it. */
export const CONSOLE_SESSION_ROUTE = '/console/session';
export const CONSOLE_API = '/console/api';

/** People and their sessions. `:id` is a personId, or a provider's id for OIDC. */
export const PEOPLE_ROUTES = {
  /** GET SignInWays; open to all. */
  ways: '/console/sign-in',
  /** POST LocalSignIn → ConsoleMe. SIGN_IN_REFUSED, TOTP_NEEDED (send it again with `totp`), TOO_MANY_REQUESTS. */
  local: '/console/session/local',
  /** POST ChangeTenant → ConsoleMe. */
  tenant: '/console/session/tenant',
  /** POST SetPassword → 204. PASSWORD_REFUSED with faults, PASSWORD_LINK_GONE. */
  password: '/console/password',
  /** GET: to be gone to as a page. Comes back to `/console/`, or to `/console/#/sign-in/<code>` when refused. */
  oidcStart: '/console/oidc/:id/start',
  oidcCallback: '/console/oidc/:id/callback',
  /** GET Person[], POST PersonWrite → Person. */
  people: `${CONSOLE_API}/people`,
  /** PUT PersonWrite → Person; DELETE: takes the person's role in this municipality away → 204. */
  person: `${CONSOLE_API}/people/:id`,
  /** POST → PasswordLink. */
  passwordLink: `${CONSOLE_API}/people/:id/password-link`,
  /** DELETE → 204: the person enrols anew at the next sign-in. */
  personTotp: `${CONSOLE_API}/people/:id/totp`,
  /** DELETE → 204: signs the person out everywhere. */
  personSessions: `${CONSOLE_API}/people/:id/sessions`,
  /** POST TotpBegin → TotpEnrolment. */
  myTotp: `${CONSOLE_API}/me/totp`,
  /** POST TotpConfirm → ConsoleMe. */
  confirmTotp: `${CONSOLE_API}/me/totp/confirm`,
  /** POST ChangePassword → ConsoleMe. */
  myPassword: `${CONSOLE_API}/me/password`,
  /** DELETE → 204: signs out everywhere, here too. */
  mySessions: `${CONSOLE_API}/me/sessions`,
} as const;

/** GET AuditPage (`?after=&limit=`, newest first; `centre=true`: the service centre's own log, for a centre-admin). */
export const AUDIT_ROUTE = `${CONSOLE_API}/audit`;
/** GET: every line, oldest first, one JSON a line. */
export const AUDIT_EXPORT_ROUTE = `${CONSOLE_API}/audit.ndjson`;

/** On a call that the page makes by itself (a list read again): it does not count as use, so an unattended console signs out. */
export const BACKGROUND_HEADER = 'jolly-background';

/** MQTT over WebSocket, on the server's own port. */
export const LINK_PATH = '/mqtt';

/** Sent with every console call that changes something; its value is in `ConsoleMe`. */
export const CSRF_HEADER = 'x-csrf-token';

/** Carries the token of a citizen's session on every call that is made for that citizen. */
export const CITIZEN_HEADER = 'jolly-citizen';
