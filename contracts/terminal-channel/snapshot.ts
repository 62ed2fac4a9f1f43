import { z } from 'zod';
import { LoginLevel, LoginMethod } from '../citizen-login/index.ts';
import { FieldProblem, FormField, LocalText, ServiceId } from '../service-catalogue/index.ts';
import { Cents, TerminalId } from '../values/index.ts';

/**
 * What the runtime tells the screen: the screen is a function of this and of nothing else. It holds only what the
 * citizen in front of it may see, never a secret, and is sent whole at every change.
 */

/** ISO 639-1, in the order in which the languages are offered where a municipality says nothing else. */
export const Language = z.enum(['it', 'en', 'de', 'fr', 'es', 'ro', 'sq', 'sl', 'uk', 'ar', 'zh']);
export type Language = z.infer<typeof Language>;

/** `contrast`: white and yellow on black; `contrast-light`: black on white; `dark`: calm, for eyes that light hurts. */
export const Theme = z.enum(['standard', 'contrast', 'contrast-light', 'dark']);
export type Theme = z.infer<typeof Theme>;

/** Pace of the voice: 1 is about 150 words a minute. */
export const SpeechSpeed = z.union([
  z.literal(0.75),
  z.literal(1),
  z.literal(1.25),
  z.literal(1.5),
  z.literal(2),
]);
export type SpeechSpeed = z.infer<typeof SpeechSpeed>;

/** How the citizen wants to see and hear: reset at the end of each session. */
export const Preferences = z.object({
  language: Language,
  textScale: z.union([z.literal(1), z.literal(1.5), z.literal(2)]),
  theme: Theme,
  lowered: z.boolean(),
  /** Which side the primary of a pair of actions, and the lowered layout, lean to. */
  hand: z.enum(['right', 'left']),
  listen: z.boolean(),
  speed: SpeechSpeed,
  /** Steps of 3 dB, 0 = off; 4 is what every session begins with (65 dBA on site at most), 10 is 18 dB more. */
  volume: z.int().min(0).max(10),
  /** No movement on the screen. */
  calm: z.boolean(),
  /** Time limits three times as long. */
  moreTime: z.boolean(),
  /** Letters of the on-screen keyboard in the order of the alphabet. */
  abcKeys: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;

/** As every session begins. */
export const DEFAULT_PREFERENCES: Preferences = {
  language: 'it',
  textScale: 1,
  theme: 'standard',
  lowered: false,
  hand: 'right',
  listen: false,
  speed: 1,
  volume: 4,
  calm: false,
  moreTime: false,
  abcKeys: false,
};

/** The municipality as shown: everything comes from configuration. */
export const Place = z.object({
  terminalId: TerminalId,
  city: z.string(),
  site: z.string(),
  /** The municipality's own tax code: default creditor of typed notices. */
  creditorTaxCode: z.string().regex(/^\d{11}$/),
  /** IANA zone in which times are shown. */
  timeZone: z.string(),
  demo: z.boolean(),
  /** Offered here, most used first: the first five stand on the home page, the rest behind "others". */
  languages: z.array(Language).min(1),
  /** The terminal itself can speak (a speech engine is installed); else the browser's voices, else the caption line. */
  voice: z.boolean(),
  /** Whom to ring when nobody at the municipality answers; shown on the help page. */
  helpPhone: z.string().max(30).optional(),
  /** Where the accessibility statement of this terminal can be read; absent: the help page says whom to ask for it. */
  statementUrl: z.url().optional(),
  /** Whom to tell what stands in the way: an address or a telephone number, shown beside the statement. */
  feedback: z.string().max(80).optional(),
  /** Citizens can sign in with a card here; absent or false where a terminal has no reader by choice: nothing is offered. */
  signIn: z.boolean().optional(),
  /** A notice can be taken to the citizen's phone; absent or false: not offered. */
  onPhone: z.boolean().optional(),
  /** What is offered here; absent: everything. What is not is not shown. */
  services: z.object({ payments: z.boolean(), spontaneous: z.boolean(), assistance: z.boolean() }).optional(),
  /** A notice of the municipality for everybody: its title on the home page, its text on a page of its own. */
  news: z.object({ title: LocalText, text: LocalText.optional() }).optional(),
  /** Where the real device stands, seen from the screen: the angle of the hint's arrow in degrees, 0 = down, 90 = right. */
  hints: z.object({
    barcode: z.object({ angle: z.number(), side: z.enum(['left', 'centre', 'right']) }),
    pos: z.object({ angle: z.number(), side: z.enum(['left', 'centre', 'right']) }),
    printer: z.object({ angle: z.number(), side: z.enum(['left', 'centre', 'right']) }),
    card: z.object({ angle: z.number(), side: z.enum(['left', 'centre', 'right']) }),
  }),
});

/** What does not work today and what happens instead, worst first; the screen shows it before anyone starts. */
export const Limitation = z.enum([
  'payments-offline', // server or node cannot be reached: no payments
  'pos-unavailable', // card reader missing: no payments
  'printer-paper-out', // receipt only on the phone
  'printer-unavailable', // receipt only on the phone
  'barcode-unavailable', // type the number
  'card-unavailable', // no login with the card; absent where a terminal has no reader by choice
  'clock-wrong', // no payments
  'journal-unwritable', // no payments
  'power-failing', // on battery: what runs is finished, nothing new begins
  'door-open', // the cabinet was opened: no payments
]);
export type Limitation = z.infer<typeof Limitation>;

/** A notice as verified: no data of the debtor. */
export const NoticeView = z.object({
  noticeNumber: z.string(),
  creditorTaxCode: z.string(),
  creditorName: z.string(),
  office: z.string().optional(),
  description: z.string(),
  amountCents: Cents,
  /** ISO date. */
  dueDate: z.string().optional(),
  /** Days from today (the place's zone) to the due date; negative when past. */
  daysLeft: z.int().optional(),
  feeCents: Cents,
  /** Who takes the fee: named beside it where there is one (pagopa.md 6.5). */
  feeTo: z.string().optional(),
  totalCents: Cents,
});
export type NoticeView = z.infer<typeof NoticeView>;

/** The four things the citizen follows while the card works. Times are instants (epoch ms). */
export const CardProgress = z.object({
  step: z.enum(['sending', 'waiting-card', 'authorising', 'registering']),
  /** Text the POS sent last (20 characters, its own words); shown small. */
  posText: z.string().optional(),
  /** The reader waits for a card until then. */
  cardUntil: z.number().optional(),
  /** Whether "cancel" still stops anything. */
  canCancel: z.boolean(),
  /** The card is asked for again to give the money back, not to pay. */
  givingBack: z.boolean().optional(),
});

export const ReceiptPaper = z.enum(['printing', 'printed', 'failed', 'skipped', 'reprinting']);

/** Facts of a bad-news page, in the order of screens.md 10: what happened, the money, the next act. */
export const Money = z.enum([
  'nothing-charged', // no charge was made
  'returned', // a charge was made and reversed
  'charged-registered', // charged and acknowledged by the node
  'charged-registering', // charged, acknowledgement still to come: do not pay again
  'unknown', // not known yet: do not pay again
  'refund-by-office', // charged, money comes back by the office
]);
export type Money = z.infer<typeof Money>;

export const ProblemKind = z.enum([
  // before anything was charged
  'notice-unreadable', // the code is not a pagoPA notice; `reason` says which kind of code it is
  'notice-already-paid',
  'notice-in-progress',
  'notice-expired',
  'notice-revoked',
  'notice-unknown',
  'notice-wrong-data',
  'creditor-unavailable',
  'service-unavailable',
  'unexpected',
  'stamp-not-sold',
  'network-down',
  'token-too-short',
  'power-failing',
  'door-open',
  // at the card
  'card-declined',
  'card-cancelled',
  'card-timeout',
  'pos-unavailable',
  'pos-unknown-outcome',
  // after the card
  'duplicate-returned',
  'duplicate-refund-due',
  'outcome-pending',
  'outcome-refused-returned',
  'outcome-refused-refund-due',
]);
export type ProblemKind = z.infer<typeof ProblemKind>;

/** Ways on that a bad-news page offers; the first is the door. */
export const ProblemAction = z.enum([
  'retry-card',
  'retry',
  'another-notice',
  'type-notice',
  'finish',
  'help',
]);

export const CardKind = z.enum(['cie', 'cns']);
export type CardKind = z.infer<typeof CardKind>;

/** Fields whose keys go by `secret` frames only. */
export const SecretField = z.enum([
  'cie-pin',
  'cie-puk',
  'cie-new-pin',
  'cie-new-pin-again',
  'cie-can',
  'cns-pin',
]);
export type SecretField = z.infer<typeof SecretField>;

/** What the citizen came to do with the card. */
export const LoginPurpose = z.enum([
  'sign-in',
  'change-pin', // old PIN, new one twice
  'unblock-pin', // PUK, new PIN twice
  'sign-in-without-pin', // the six digits on the card's face, where the municipality allows it
]);
export type LoginPurpose = z.infer<typeof LoginPurpose>;

/** One calm sentence each, and the next step. */
export const LoginProblemKind = z.enum([
  // at the reader; the same card, or another, may be tried again
  'card-removed', // taken away while it worked
  'card-two', // more than one card on the reader, or on two readers
  'card-unreadable', // mute, or answers what no card answers
  'card-unknown', // a card, but neither CIE nor TS-CNS
  'card-other', // not the card that was there a moment ago
  'card-slow', // did not answer in time
  'card-not-genuine', // anti-clone, device authentication or SOD failed
  'reader-unavailable',
  // PIN, PUK, CAN
  'pin-blocked', // PUK needed; with the CNS: the issuer
  'puk-blocked', // the municipality's counter only
  'pin-uncertain', // the card was lost while the PIN was on its way: nobody knows whether the try counted
  'can-wrong',
  // the server's word
  'card-expired',
  'card-revoked',
  'card-not-verified', // anything else that the server refuses
  'method-not-accepted',
  'server-unreachable',
]);
export type LoginProblemKind = z.infer<typeof LoginProblemKind>;

/** Ways on that pages of the login offer; on a bad-news page the first is the door. */
export const LoginAction = z.enum([
  'try-again',
  'no-card',
  'forgot-pin',
  'unblock-pin',
  'change-pin',
  'without-pin',
  'confirm-last-try',
  'continue', // from the greeting or a finished PIN service
  'finish',
  'help',
]);
export type LoginAction = z.infer<typeof LoginAction>;

/** One payment of this session, for the summary of several. */
export const PaidView = z.object({
  notice: NoticeView,
  paper: ReceiptPaper,
  money: Money,
});
export type PaidView = z.infer<typeof PaidView>;

export const RatingReason = z.enum(['clarity', 'completeness', 'progress', 'technical', 'other']);

export const Screen = z.discriminatedUnion('name', [
  z.object({ name: z.literal('home') }),
  /** Nobody has taken this terminal in yet: what staff need to do it. No session runs, and nothing else is offered. */
  z.object({
    name: z.literal('enrolment'),
    state: z.enum(['asking', 'waiting', 'refused']),
    /** First twelve hex digits of SHA-256 of this terminal's public key, in fours. */
    fingerprint: z.string(),
    /** Eight signs, while waiting; and the console's page for it. */
    code: z.string().optional(),
    url: z.string().optional(),
  }),
  z.object({
    name: z.literal('out-of-service'),
    code: z.string(),
    /** `closed`: outside the opening hours; `staff`: put out of service, with their message where they gave one. Absent: a fault. */
    why: z.enum(['staff', 'closed']).optional(),
    message: z.string().max(200).optional(),
    /** When it opens: days from today, the day's name and the hour on the wall of the place. */
    opens: z
      .object({
        inDays: z.int().min(0).max(7),
        day: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
        hour: z.string(),
      })
      .optional(),
  }),
  /** The municipality's notice: all of it stands in `place`. */
  z.object({ name: z.literal('city-news') }),
  z.object({
    name: z.literal('help'),
    supportCode: z.string().optional(),
    /** A person of the office was called from here, and whether the call has reached them. */
    called: z.enum(['calling', 'told', 'not-reached']).optional(),
  }),
  /** The citizen's preferences as a code that any Jolly terminal reads back; no account, nothing personal. */
  z.object({ name: z.literal('preferences-code'), code: z.string() }),
  /** Where the accessibility statement is, and whom to tell about obstacles: all of it stands in `place`. */
  z.object({ name: z.literal('statement') }),
  z.object({ name: z.literal('coming-soon'), service: z.string() }),
  z.object({
    name: z.literal('pay-scan'),
    /** Set when the last scan was refused: the reason, as `decode notice` names it. */
    refused: z.string().optional(),
  }),
  z.object({
    name: z.literal('pay-type'),
    noticeDigits: z.string().max(18),
    creditorDigits: z.string().max(11),
    field: z.enum(['notice', 'creditor']),
    /** Check digits tested while typing; undefined while a field is incomplete. */
    noticeOk: z.boolean().optional(),
    creditorOk: z.boolean().optional(),
    canContinue: z.boolean(),
  }),
  z.object({ name: z.literal('pay-verifying') }),
  z.object({ name: z.literal('pay-check'), notice: NoticeView }),
  /** Total or fee changed at activation: consent again. */
  z.object({ name: z.literal('pay-changed'), notice: NoticeView, previousTotalCents: Cents }),
  /** No paper: go on with the receipt on the phone, or stop. Before any activation. */
  z.object({ name: z.literal('pay-no-paper'), notice: NoticeView }),
  z.object({ name: z.literal('pay-activating'), notice: NoticeView }),
  z.object({ name: z.literal('pay-card'), notice: NoticeView, progress: CardProgress }),
  z.object({
    name: z.literal('pay-done'),
    notice: NoticeView,
    paper: ReceiptPaper,
    /** Address of the receipt that opens once; undefined until the server has it. */
    receiptUrl: z.string().optional(),
    receiptUntil: z.number().optional(),
    stars: z.int().min(1).max(5).optional(),
    /** How many were paid in this session, this one too; absent where it is the only one. The summary shows them all. */
    paid: z.int().min(2).optional(),
  }),
  /** Everything paid in this session on one page, when it was more than one. */
  z.object({
    name: z.literal('pay-summary'),
    paid: z.array(PaidView).min(1),
    totalCents: Cents,
    paper: ReceiptPaper,
  }),
  /** The page of pagoPA's checkout for this notice, to be opened on the citizen's phone (pagopa.md 6.2). */
  z.object({
    name: z.literal('pay-on-phone'),
    notice: NoticeView,
    /** Undefined while the server asks for it. */
    url: z.url().optional(),
    problem: z.boolean().optional(),
  }),
  /** Payments without a notice: what can be paid here, a page of at most five. */
  z.object({
    name: z.literal('service-list'),
    services: z.array(z.object({ id: ServiceId, title: LocalText, summary: LocalText.optional() })).max(5),
    page: z.int().min(1),
    pages: z.int().min(1),
  }),
  /** One question of a service's form. */
  z.object({
    name: z.literal('service-field'),
    service: z.object({ id: ServiceId, title: LocalText }),
    field: FormField,
    /** What is written so far (the form of service-catalogue/answers.ts); the value that was picked, of a choice. */
    value: z.string(),
    step: z.int().min(1),
    of: z.int().min(1),
    /** Why the citizen was held here: named, with the cure. */
    problem: FieldProblem.optional(),
    canContinue: z.boolean(),
  }),
  /** Everything that was answered, before the debt position is made (criterion C.SE.1.4); each answer can be corrected. */
  z.object({
    name: z.literal('service-review'),
    service: z.object({ id: ServiceId, title: LocalText }),
    answers: z.array(z.object({ field: FormField, value: z.string() })),
    /** Undefined where the citizen names the amount in the form or the server works it out. */
    amountCents: Cents.optional(),
    /** The position is being made. */
    busy: z.boolean(),
    problem: z.enum(['server-unreachable', 'refused']).optional(),
  }),
  z.object({ name: z.literal('rating-reason'), stars: z.int().min(1).max(5) }),
  z.object({
    name: z.literal('problem'),
    kind: ProblemKind,
    money: Money,
    notice: NoticeView.optional(),
    reason: z.string().optional(),
    /** Words of the bank, as the POS gave them; not shown as the title. */
    bankText: z.string().optional(),
    supportCode: z.string(),
    actions: z.array(ProblemAction),
    paper: ReceiptPaper.optional(),
    receiptUrl: z.string().optional(),
  }),
  /** "Hold your card here", and what the reader does with it. */
  z.object({
    name: z.literal('login-card'),
    purpose: LoginPurpose,
    /** `take-off`: a card lies there since before this citizen came, or one too many. */
    stage: z.enum(['waiting', 'reading', 'again', 'take-off']),
    /** Which card lies there, once that is known. */
    card: CardKind.optional(),
    /** While reading: steps done of all, and whole seconds still to go as far as can be told. */
    progress: z.object({ done: z.int(), of: z.int(), secondsLeft: z.int().optional() }).optional(),
    /** Cards that are taken here, for the picture of where each goes; absent: the CIE alone. */
    cards: z.array(CardKind).min(1).optional(),
    actions: z.array(LoginAction),
  }),
  /** A pad for digits nobody may see. The digits themselves are never here. */
  z.object({
    name: z.literal('login-secret'),
    purpose: LoginPurpose,
    card: CardKind,
    field: SecretField,
    entered: z.int().min(0),
    length: z.object({ min: z.int(), max: z.int() }),
    /** Known only after the card said it in this session. */
    triesLeft: z.int().optional(),
    /** Why it is asked again. */
    notice: z.enum(['wrong', 'not-the-same', 'same-as-before', 'too-simple']).optional(),
    /** The ten keys in reading order: 1…9, 0 unless the municipality shuffles and speech is off. */
    layout: z.array(z.int().min(0).max(9)).length(10),
    canSubmit: z.boolean(),
    actions: z.array(LoginAction),
  }),
  /** One try left: nothing is sent before the citizen says so. */
  z.object({
    name: z.literal('login-last-try'),
    purpose: LoginPurpose,
    card: CardKind,
    field: SecretField,
    actions: z.array(LoginAction),
  }),
  /** The card works: "don't move it". Each step is said when it begins. */
  z.object({
    name: z.literal('login-working'),
    purpose: LoginPurpose,
    card: CardKind,
    step: z.enum(['channel', 'secret', 'certificate', 'signature', 'document', 'server']),
    progress: z.object({ done: z.int(), of: z.int() }),
  }),
  z.object({
    name: z.literal('login-problem'),
    purpose: LoginPurpose,
    kind: LoginProblemKind,
    card: CardKind.optional(),
    supportCode: z.string(),
    actions: z.array(LoginAction),
  }),
  /** What to do without the card or without the PIN. */
  z.object({
    name: z.literal('login-other-ways'),
    about: z.enum(['no-card', 'forgot-pin']),
    actions: z.array(LoginAction),
  }),
  /** The greeting: name and what can be done now. */
  z.object({
    name: z.literal('signed-in'),
    card: CardKind,
    /** The card still lies on the reader: take it. */
    takeCard: z.boolean(),
    actions: z.array(LoginAction),
  }),
  z.object({
    name: z.literal('pin-done'),
    what: z.enum(['changed', 'unblocked']),
    takeCard: z.boolean(),
    actions: z.array(LoginAction),
  }),
  /** The session is over and the card is still there: sound, screen, and a second's countdown. */
  z.object({
    name: z.literal('card-left'),
    secondsLeft: z.int().min(0),
    secondsTotal: z.int(),
    /** Which card, when it was looked at: an identity card lies on the plate, a health card stands in its slot. */
    card: CardKind.optional(),
  }),
  z.object({ name: z.literal('goodbye') }),
]);
export type Screen = z.infer<typeof Screen>;
export type ScreenName = Screen['name'];

export const Snapshot = z.object({
  v: z.literal(1),
  /** Grows by one at each change; a reload gets the current one. */
  seq: z.int().min(0),
  /** The runtime's clock, epoch ms: the screen shows this time. */
  at: z.number(),
  place: Place,
  preferences: Preferences,
  limitations: z.array(Limitation),
  /** Who is signed in: always shown, with the way out beside it. */
  citizen: z
    .object({ givenName: z.string(), familyName: z.string(), method: LoginMethod, level: LoginLevel })
    .optional(),
  screen: Screen,
  /** The screen's own camera is the barcode reader: `look` while it is to look for a code, and only then is it on. */
  camera: z.enum(['idle', 'look']).optional(),
  /** Present while a session runs: "start over" and "leave" are offered. */
  session: z
    .object({
      canGoBack: z.boolean(),
      canLeave: z.boolean(),
      /** "Leave" was pressed and is done as soon as the card has finished. */
      leaving: z.boolean().optional(),
    })
    .optional(),
  /** Idle countdown over the screen: seen, heard, lit. */
  idle: z.object({ secondsLeft: z.int().min(0), secondsTotal: z.int().min(20), money: Money }).optional(),
  /** The plinth's language sheet is open. */
  languageSheet: z.boolean(),
  /** The sheet with all aids is open: never together with the languages. */
  aidsSheet: z.boolean(),
  /** A code with preferences was shown just now, and what became of it: said and shown for some seconds. */
  told: z.enum(['preferences-taken', 'preferences-broken']).optional(),
  /** A headset is plugged in: only then anything private is said, and its pulling out stops the voice at once. */
  headset: z.boolean(),
  /** The headset was pulled out in the middle: names and sums are covered until the citizen says to go on. */
  covered: z.boolean(),
});
export type Snapshot = z.infer<typeof Snapshot>;
