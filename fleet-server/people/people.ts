import { readFileSync } from 'node:fs';
import type { ConsoleMe } from '@jolly/contracts/fleet-api';
import type { Http } from '../http/index.ts';
import type { ConsoleGate } from '../identity/index.ts';
import type { Keyring } from '../sealing/index.ts';
import type { Transaction } from '../store/index.ts';
import { type PeopleParts, totpContext } from './context.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { ownAffairs } from './own-affairs.ts';
import { openPasswords, type ScryptCost } from './passwords.ts';
import { peopleRoutes } from './people-routes.ts';
import { createPerson, findByUser, setRole, updatePerson } from './persons.ts';
import type { SignInSettings } from './settings.ts';
import { signInRoutes } from './sign-in.ts';
import type { PeopleTables } from './tables.ts';
import { openThrottle } from './throttle.ts';

export interface People {
  /** The doors: open to all, each looks after itself. */
  openRoutes(app: Http): void;
  /** Behind the console's session. */
  consoleRoutes(app: Http): void;
  tidy(): Promise<void>;
}

/** The demo's people: one who may everything, and a second one, so that what asks for two can be tried. */
export interface DemoPerson {
  readonly user: string;
  readonly name: string;
  readonly role: ConsoleMe['role'];
}

export async function openPeople(
  options: Omit<PeopleParts, 'passwords' | 'throttle' | 'denied' | 'demoUsers'> & {
    readonly gate: ConsoleGate;
    readonly passwordCost: ScryptCost;
    readonly secureCookies: boolean;
    readonly demoPeople: readonly DemoPerson[] | undefined;
  },
): Promise<People> {
  const { store, clock, settings, gate } = options;
  const parts: PeopleParts = {
    ...options,
    passwords: openPasswords(options.passwordCost),
    throttle: openThrottle(store, clock),
    denied: deniedOf(settings),
    demoUsers: options.demoPeople?.map(({ user }) => user),
  };
  await putDemoPeople(parts, options.demoPeople ?? []);
  return {
    openRoutes(app) {
      signInRoutes(app, parts, gate);
      oidcRoutes(app, parts, options.secureCookies);
    },
    consoleRoutes(app) {
      ownAffairs(app, parts, gate);
      peopleRoutes(app, parts, gate);
    },
    async tidy() {
      await parts.sessions.forgetExpired();
      await parts.throttle.forgetOld();
      await store
        .of<PeopleTables>()
        .deleteFrom('password_link')
        .where('expires_at', '<', clock.now())
        .execute();
    },
  };
}

function deniedOf({ deniedPasswords }: SignInSettings): ReadonlySet<string> {
  if (deniedPasswords === undefined) return new Set();
  const lines = readFileSync(deniedPasswords, 'utf8').split(/\r?\n/);
  return new Set(lines.filter((line) => line !== '').map((line) => line.normalize('NFKC').toLowerCase()));
}

/** They have no password: the demo's door is the only one they fit, and it is shut everywhere else. */
async function putDemoPeople(parts: PeopleParts, people: readonly DemoPerson[]): Promise<void> {
  for (const { user, name, role } of people) {
    await parts.store.transaction(async (tx) => {
      if (await findByUser(tx, user)) return;
      const [first = '', ...others] = parts.tenants.keys();
      const made = await createPerson(tx, parts.clock.now(), {
        user,
        name,
        role,
        way: 'demo',
        tenantId: first,
      });
      if (role === 'centre-admin') return;
      for (const tenantId of others) await setRole(tx, tenantId, made.person_id, role);
    });
  }
}

/** Seals every authenticator's secret again under the key now in force. Returns how many. */
export async function resealTotp(tx: Transaction, keyring: Keyring): Promise<number> {
  const rows = await tx
    .of<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where((or) => or.or([or('totp_sealed', 'is not', null), or('totp_pending', 'is not', null)]))
    .execute();
  for (const row of rows) {
    const again = (sealed: string | null) =>
      sealed === null ? null : keyring.seal(keyring.open(sealed, totpContext(row)), totpContext(row));
    await updatePerson(tx, row, {
      totp_sealed: again(row.totp_sealed),
      totp_pending: again(row.totp_pending),
    });
  }
  return rows.length;
}
