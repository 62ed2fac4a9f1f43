import {
  DEFAULT_PREFERENCES,
  type Intent,
  type Limitation,
  type ScreenName,
  type Snapshot,
} from '@jolly/contracts/terminal-channel';
import { cents } from '@jolly/contracts/values';
import type { PaymentView, SessionEvent } from './events.ts';
import { eventOf, type SessionState, startSession, step } from './machine.ts';
import { SAMPLE_CITIZEN, SAMPLE_LOGINS } from './sample-logins.ts';
import { SAMPLE_SERVICES } from './sample-services.ts';
import { snapshotOf } from './snapshot.ts';

/** A page of the session with the shortest way to it. */
export interface Reached {
  readonly key: string;
  readonly screen: ScreenName;
  readonly path: readonly string[];
  readonly snapshot: Snapshot;
}

const NOTICE = {
  noticeNumber: '302000100000000001',
  creditorTaxCode: '77777777777',
  creditorName: 'Comune di Prova',
  description: 'TARI 2026',
  amountCents: cents(12_345),
  feeCents: cents(0),
  totalCents: cents(12_345),
};

/** One payment in each page that a desk can show. */
const PAYMENTS: readonly PaymentView[] = [
  { screen: { name: 'pay-verifying' }, money: 'nothing-charged', interruptible: true },
  { screen: { name: 'pay-check', notice: NOTICE }, money: 'nothing-charged', interruptible: true },
  {
    screen: { name: 'pay-changed', notice: NOTICE, previousTotalCents: cents(12_000) },
    money: 'nothing-charged',
    interruptible: true,
  },
  { screen: { name: 'pay-no-paper', notice: NOTICE }, money: 'nothing-charged', interruptible: true },
  { screen: { name: 'pay-activating', notice: NOTICE }, money: 'nothing-charged', interruptible: true },
  {
    screen: { name: 'pay-card', notice: NOTICE, progress: { step: 'waiting-card', canCancel: true } },
    money: 'unknown',
    interruptible: false,
  },
  {
    screen: { name: 'pay-done', notice: NOTICE, paper: 'printed' },
    money: 'charged-registered',
    interruptible: true,
  },
  {
    screen: { name: 'pay-done', notice: { ...NOTICE, noticeNumber: '302000100000000094' }, paper: 'printed' },
    money: 'charged-registered',
    interruptible: true,
  },
  {
    screen: {
      name: 'problem',
      kind: 'card-declined',
      money: 'nothing-charged',
      notice: NOTICE,
      supportCode: 'SAMPLE',
      actions: ['retry-card', 'another-notice', 'type-notice', 'finish', 'help'],
    },
    money: 'nothing-charged',
    interruptible: true,
  },
];

const INTENTS: readonly Intent[] = [
  { type: 'start-payment' },
  { type: 'sign-in' },
  { type: 'login', action: 'continue' },
  { type: 'login', action: 'finish' },
  { type: 'open-service', service: 'appointments' },
  { type: 'type-notice' },
  { type: 'scan-notice' },
  { type: 'open-services' },
  { type: 'services-page', page: 2 },
  { type: 'choose-service', service: 'pagamenti.carta' },
  { type: 'pay-on-phone' },
  { type: 'show-summary' },
  { type: 'print-summary' },
  { type: 'rate', stars: 4 },
  { type: 'finish' },
  { type: 'back' },
  { type: 'leave' },
  { type: 'start-over' },
  { type: 'help' },
  { type: 'open-languages' },
  { type: 'close-languages' },
  { type: 'open-aids' },
  { type: 'close-aids' },
  { type: 'show-preferences-code' },
  { type: 'show-statement' },
  { type: 'read-news' },
  { type: 'call-person' },
  { type: 'still-here' },
];

const LIMITATIONS: readonly (readonly Limitation[])[] = [
  [],
  ['payments-offline'],
  ['journal-unwritable'],
  ['power-failing'],
  ['door-open'],
];

/**
 * Walks the statechart in breadth and gives every page that can be reached, by page, warning and sheet. A test walks these
 * with the real screen: a page that is added here is tested there without anybody's remembering.
 */
export function reachableScreens(place: Snapshot['place']): readonly Reached[] {
  const settings = {
    warnAfterSeconds: 1,
    countdownSeconds: 20,
    goodbyeSeconds: 1,
    creditorTaxCode: place.creditorTaxCode,
    cardLeftSeconds: 30,
    login: true,
    onPhone: true,
    payments: true,
    spontaneous: true,
    assistance: true,
    news: true,
  };
  const found = new Map<string, Reached>();
  const queue: { state: SessionState; path: readonly string[] }[] = [
    { state: startSession(settings).state, path: [] },
  ];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { state, path } = next;
    const snapshot = snapshotOf(state, place, { seq: path.length, at: 0 });
    const blocked = snapshot.limitations.join(',');
    const key = [
      snapshot.screen.name,
      blocked,
      snapshot.idle ? 'warned' : '',
      snapshot.languageSheet ? 'sheet' : '',
      snapshot.aidsSheet ? 'aids' : '',
      snapshot.screen.name === 'help' ? (snapshot.screen.called ?? '') : '',
      snapshot.screen.name === 'home' ? (snapshot.told ?? '') : '',
      snapshot.session?.leaving ? 'leaving' : '',
      snapshot.screen.name === 'card-left' ? (snapshot.screen.card ?? '') : '',
      snapshot.screen.name === 'login-other-ways' ? snapshot.screen.about : '',
      ...variant(state, snapshot),
      ...whoAndCard(state, snapshot),
    ]
      .filter((part) => part !== '')
      .join(' ');
    if (found.has(key)) continue;
    found.set(key, { key, screen: snapshot.screen.name, path, snapshot });
    for (const [name, event] of eventsAt(state))
      queue.push({ state: step(state, event).state, path: [...path, name] });
  }
  return [...found.values()];
}

/** Who is signed in, and their card, are a page of their own only where they change it. */
const WITH_CITIZEN: ReadonlySet<ScreenName> = new Set(['home', 'login-working', 'signed-in']);

function whoAndCard({ context }: SessionState, { screen }: Snapshot): readonly string[] {
  if (!WITH_CITIZEN.has(screen.name) || !context.citizen) return [];
  return context.card === 'laid' ? ['citizen', 'card'] : ['citizen'];
}

/** What makes a page of its own of a screen with the same name. */
function variant(state: SessionState, { screen }: Snapshot): readonly string[] {
  const { context } = state;
  switch (screen.name) {
    case 'pay-done':
      return context.paid.length > 1 ? ['several'] : [];
    case 'pay-summary':
      return [screen.paper];
    case 'pay-on-phone':
      return screen.url ? ['code'] : screen.problem ? ['problem'] : [];
    case 'service-list':
      return [
        `${screen.services.length} of ${screen.pages}`,
        // the service that was chosen opens with the very next event
        state.matches({ place: { main: 'serviceForm' } }) ? 'opening' : '',
      ];
    case 'service-field':
      return [screen.field.kind];
    case 'service-review':
      return [screen.busy ? 'busy' : '', screen.problem ?? ''];
    default:
      return [];
  }
}

function eventsAt(state: SessionState): readonly [string, SessionEvent][] {
  const intents = INTENTS.flatMap((intent): [string, SessionEvent][] => {
    const event = eventOf(state, intent);
    return event ? [[intent.type, event]] : [];
  });
  const notice = { noticeNumber: NOTICE.noticeNumber, creditorTaxCode: NOTICE.creditorTaxCode };
  return [
    ...intents,
    ['scan', { type: 'scanned', reading: { ok: true, notice } }],
    [
      'scan:preferences',
      { type: 'scanned', reading: { ok: 'preferences', preferences: DEFAULT_PREFERENCES } },
    ],
    ['scan:broken', { type: 'scanned', reading: { ok: 'preferences', preferences: undefined } }],
    ['called:told', { type: 'called', call: state.context.calls, reached: true }],
    ['called:not-reached', { type: 'called', call: state.context.calls, reached: false }],
    ['second', { type: 'second' }],
    ['reader:none', { type: 'reader', card: 'none', citizen: undefined }],
    ['reader:citizen', { type: 'reader', card: 'none', citizen: SAMPLE_CITIZEN }],
    ['reader:unseen', { type: 'reader', card: 'unseen', citizen: SAMPLE_CITIZEN }],
    ['reader:card', { type: 'reader', card: 'laid', kind: 'cns', citizen: SAMPLE_CITIZEN }],
    ...SAMPLE_SERVICES,
    ...(['https://checkout.example/c/1', undefined] as const).map((url): [string, SessionEvent] => [
      url ? 'cart' : 'cart:none',
      { type: 'cart', noticeNumber: NOTICE.noticeNumber, url },
    ]),
    ['summary:printed', { type: 'summary', paper: 'printed' }],
    ['summary:failed', { type: 'summary', paper: 'failed' }],
    ...SAMPLE_LOGINS.map((view): [string, SessionEvent] => [
      `logins:${view.screen.name}`,
      { type: 'login', view },
    ]),
    ...PAYMENTS.map((view): [string, SessionEvent] => [
      `desk:${view.screen.name}`,
      { type: 'payment', view },
    ]),
    ...LIMITATIONS.map((limitations): [string, SessionEvent] => [
      `limits:${limitations.join(',')}`,
      { type: 'limitations', limitations },
    ]),
  ];
}
