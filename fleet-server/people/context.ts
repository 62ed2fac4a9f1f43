import type { ConsoleMe } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { type Audit, CENTRE } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import type { PersonDirectory, Session, SessionStage, Sessions } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Keyring, Vault } from '../sealing/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import type { Passwords } from './passwords.ts';
import { findById, type PersonRow, placesOf, updatePerson } from './persons.ts';
import type { SignInSettings } from './settings.ts';
import type { Throttle } from './throttle.ts';

/** What signing in and looking after people need. */
export interface PeopleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keyring: Keyring;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly changes: Changes;
  readonly sessions: Sessions;
  readonly directory: PersonDirectory;
  readonly tenants: ReadonlyMap<string, { readonly name: string }>;
  readonly settings: SignInSettings;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  /** Passwords that the house denies, in small letters. */
  readonly denied: ReadonlySet<string>;
  readonly publicUrl: () => string;
  /** User names of the demo; undefined: its sign-in is closed. */
  readonly demoUsers: readonly string[] | undefined;
  readonly log: FastifyBaseLogger;
}

/** The log of the municipality that keeps a person, or the centre's. */
export const homeOf = (person: PersonRow): string => person.tenant_id;

export const totpContext = (person: Pick<PersonRow, 'person_id'>): string => `totp:${person.person_id}`;

/** Begins a session for a person who has proved to be one. Throws SIGN_IN_REFUSED where there is no place for them. */
export async function enter(
  parts: PeopleParts,
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  who: { readonly person: PersonRow; readonly way: ConsoleMe['way']; readonly stage: SessionStage },
): Promise<ConsoleMe> {
  const { store, clock, sessions, audit } = parts;
  const { person, way, stage } = who;
  const begun = await store.transaction(async (tx) => {
    // what was proved a moment ago may have been taken away meanwhile
    const present = await findById(tx, person.person_id);
    if (!present || present.disabled === 1 || present.way !== person.way) throw fail('SIGN_IN_REFUSED');
    if (way === 'local' && present.password === null) throw fail('SIGN_IN_REFUSED');
    const places = await placesOf(tx, parts.tenants, present);
    const [tenantId] = places.keys();
    if (tenantId === undefined) throw fail('SIGN_IN_REFUSED');
    await sessions.end(tx, call.request);
    await updatePerson(tx, person, { last_sign_in_at: clock.now() });
    await audit.record(tx, {
      tenantId: person.centre_admin === 1 ? CENTRE : tenantId,
      actor: person.user_name,
      act: 'signed-in',
      subject: person.user_name,
      detail: { way, secondFactor: way === 'local' && stage === 'whole' && person.totp_sealed !== null },
    });
    return sessions.begin(tx, { tenantId, personId: person.person_id, way, stage });
  });
  return answer(parts, call.reply, begun);
}

/** The same person goes on in another session: what was held of the old one is worth nothing. */
export async function renew(
  parts: PeopleParts,
  call: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  session: Session,
  change: { readonly tenantId?: string; readonly stage?: SessionStage },
  within: (tx: Transaction) => Promise<void>,
): Promise<ConsoleMe> {
  const begun = await parts.store.transaction(async (tx) => {
    // somebody may have ended it while a password was being looked at
    if (!(await parts.sessions.end(tx, call.request))) throw fail('SIGN_IN_NEEDED');
    await within(tx);
    return parts.sessions.begin(tx, {
      tenantId: change.tenantId ?? session.tenantId,
      personId: session.personId,
      way: session.way,
      stage: change.stage ?? session.stage,
      expiresAt: session.expiresAt,
    });
  });
  return answer(parts, call.reply, begun);
}

async function answer(
  { sessions, directory }: PeopleParts,
  reply: FastifyReply,
  begun: { readonly session: Session; readonly token: string },
): Promise<ConsoleMe> {
  const me = await directory.meOf(begun.session);
  if (!me) throw fail('SIGN_IN_REFUSED');
  sessions.give(reply, begun.token);
  return me;
}

/** A page of another site must not sign somebody in or out here. Browsers say where a call comes from. */
export function refuseElsewhere(parts: Pick<PeopleParts, 'publicUrl'>, request: FastifyRequest): void {
  const { origin } = request.headers;
  if (request.headers['sec-fetch-site'] === 'cross-site') throw fail('CSRF_REFUSED');
  if (origin === undefined) return;
  const own = [`${request.protocol}://${request.host}`, new URL(parts.publicUrl()).origin];
  if (!own.includes(origin)) throw fail('CSRF_REFUSED');
}
