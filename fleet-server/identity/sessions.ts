import { createHash, randomBytes } from 'node:crypto';
import type { ConsoleMe } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { NumberedMigration, Store, Tables } from '../store/index.ts';

const TOKEN_BYTES = 32;

/** `totp`: the password was right, and the second factor that the role asks for must be enrolled first. */
export type SessionStage = 'whole' | 'totp';

export interface Session {
  readonly tenantId: string;
  readonly tokenHash: string;
  readonly personId: string;
  readonly way: ConsoleMe['way'];
  readonly stage: SessionStage;
  readonly csrf: string;
  readonly usedAt: number;
  readonly expiresAt: number;
}

export interface SessionStart extends Pick<Session, 'tenantId' | 'personId' | 'way' | 'stage'> {
  /** Of the session that this one follows: changing over makes none longer. */
  readonly expiresAt?: number;
}

export interface SessionTables {
  person_session: {
    tenant_id: string;
    /** SHA-256 of the cookie's value, hex. */
    token_hash: string;
    person_id: string;
    way: ConsoleMe['way'];
    stage: SessionStage;
    csrf: string;
    used_at: number;
    expires_at: number;
  };
}

export const sessionTable: Pick<NumberedMigration, 'up' | 'down'> = {
  up: async (db) => {
    await db.schema
      .createTable('person_session')
      .addColumn('tenant_id', 'varchar(40)', (column) => column.notNull())
      .addColumn('token_hash', 'varchar(64)', (column) => column.notNull())
      .addColumn('person_id', 'varchar(36)', (column) => column.notNull())
      .addColumn('way', 'varchar(10)', (column) => column.notNull())
      .addColumn('stage', 'varchar(10)', (column) => column.notNull())
      .addColumn('csrf', 'varchar(60)', (column) => column.notNull())
      .addColumn('used_at', 'bigint', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('person_session_pk', ['tenant_id', 'token_hash'])
      .execute();
    await db.schema
      .createIndex('person_session_token')
      .unique()
      .on('person_session')
      .column('token_hash')
      .execute();
    await db.schema.createIndex('person_session_person').on('person_session').column('person_id').execute();
  },
  down: async (db) => {
    await db.schema.dropTable('person_session').execute();
  },
};

export interface SessionOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Ends when nobody used it for so long. */
  readonly idleMs: number;
  /** Ends whatever happens. */
  readonly longestMs: number;
  readonly secureCookies: boolean;
}

/** What is known of who is signed in: the cookie is a random number, everything else is here. */
export interface Sessions {
  /** The live session of this call's cookie. */
  of(request: FastifyRequest): Promise<Session | undefined>;
  /** Makes one; the token goes into the cookie and nowhere else. */
  begin(tx: Tables, start: SessionStart): Promise<{ readonly session: Session; readonly token: string }>;
  /** Gives the token to the browser. */
  give(reply: FastifyReply, token: string): void;
  /** Ends the session that the call came with; whether there was one. A new sign-in leaves no old one behind. */
  end(tx: Tables, request: FastifyRequest): Promise<boolean>;
  clear(reply: FastifyReply): void;
  /** Signs a person out everywhere. */
  endAllOf(tx: Tables, personId: string): Promise<void>;
  used(session: Session): Promise<void>;
  forgetExpired(): Promise<void>;
}

export function openSessions(options: SessionOptions): Sessions {
  const { store, clock, secureCookies } = options;
  // The prefix makes browsers refuse it from another host, over http, or for a part of the paths.
  const cookie = secureCookies ? '__Host-jolly_session' : 'jolly_session';
  const place = { httpOnly: true, sameSite: 'strict', secure: secureCookies, path: '/' } as const;
  const hashIn = (request: FastifyRequest): string | undefined => {
    const token = request.cookies[cookie];
    return token ? hashOf(token) : undefined;
  };
  return {
    async of(request) {
      const hash = hashIn(request);
      if (hash === undefined) return undefined;
      const now = clock.now();
      const row = await store
        .of<SessionTables>()
        .selectFrom('person_session')
        .selectAll()
        .where('token_hash', '=', hash)
        .where('expires_at', '>', now)
        // The demo is on the machine of who looks at it.
        .where((or) => or.or([or('used_at', '>', now - options.idleMs), or('way', '=', 'demo')]))
        .executeTakeFirst();
      return row && sessionOfRow(row);
    },
    async begin(tx, start) {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const now = clock.now();
      const row: SessionTables['person_session'] = {
        tenant_id: start.tenantId,
        token_hash: hashOf(token),
        person_id: start.personId,
        way: start.way,
        stage: start.stage,
        csrf: randomBytes(24).toString('base64url'),
        used_at: now,
        expires_at: start.expiresAt ?? now + options.longestMs,
      };
      await tx.of<SessionTables>().insertInto('person_session').values(row).execute();
      return { session: sessionOfRow(row), token };
    },
    give: (reply, token) =>
      void reply.setCookie(cookie, token, { ...place, maxAge: Math.floor(options.longestMs / 1000) }),
    async end(tx, request) {
      const hash = hashIn(request);
      if (hash === undefined) return false;
      const { numDeletedRows } = await tx
        .of<SessionTables>()
        .deleteFrom('person_session')
        .where('token_hash', '=', hash)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    clear: (reply) => void reply.clearCookie(cookie, place),
    async endAllOf(tx, personId) {
      await tx.of<SessionTables>().deleteFrom('person_session').where('person_id', '=', personId).execute();
    },
    async used({ tenantId, tokenHash }) {
      await store
        .of<SessionTables>()
        .updateTable('person_session')
        .set({ used_at: clock.now() })
        .where('tenant_id', '=', tenantId)
        .where('token_hash', '=', tokenHash)
        .execute();
    },
    async forgetExpired() {
      const now = clock.now();
      await store
        .of<SessionTables>()
        .deleteFrom('person_session')
        .where((or) =>
          or.or([
            or('expires_at', '<', now),
            or.and([or('used_at', '<', now - options.idleMs), or('way', '<>', 'demo')]),
          ]),
        )
        .execute();
    },
  };
}

function sessionOfRow(row: SessionTables['person_session']): Session {
  return {
    tenantId: row.tenant_id,
    tokenHash: row.token_hash,
    personId: row.person_id,
    way: row.way,
    stage: row.stage,
    csrf: row.csrf,
    usedAt: Number(row.used_at),
    expiresAt: Number(row.expires_at),
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
