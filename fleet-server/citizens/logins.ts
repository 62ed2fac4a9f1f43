import type {
  LoginChallenge,
  LoginProblem,
  LoginProof,
  LoginRequest,
  LoginResponse,
} from '@jolly/contracts/fleet-api';
import { type Clock, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import type { TerminalIdentity } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { type Challenge, openChallenges } from './challenges.ts';
import type { Identified, LoginWay } from './login-way.ts';
import { problemOfRefusal, refused } from './refusals.ts';
import { type CitizenSessions, openSessions } from './sessions.ts';
import type { CitizenSettings } from './settings.ts';
import type { CitizenTables } from './tables.ts';

export interface LoginsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly ways: readonly LoginWay[];
  readonly tenants: ReadonlyMap<string, { readonly citizens: CitizenSettings; readonly timeZone: string }>;
}

export interface Logins {
  readonly sessions: CitizenSessions;
  /** Throws LOGIN_NOT_ACCEPTED when the municipality does not take the way at that level. */
  challenge(terminal: TerminalIdentity, asked: LoginRequest): LoginChallenge;
  /** Judges a proof once. A refusal is an answer. */
  prove(terminal: TerminalIdentity, loginId: string, proof: LoginProof): Promise<LoginResponse>;
  tidy(): void;
  close(): void;
}

type AuditLine = Pick<CitizenTables['login_audit'], 'tenant_id' | 'audit_id'>;

/** Logins of citizens: a challenge, one proof of it, a session. */
export function openLogins(options: LoginsOptions): Logins {
  const { clock, random, store, tenants } = options;
  const challenges = openChallenges(clock, random);
  const sessions = openSessions(clock, random);
  const ways = new Map(options.ways.map((way) => [way.method, way]));

  /** The way, if this municipality takes it at that level. */
  function offered(tenantId: string, { method, level }: Pick<LoginRequest, 'method' | 'level'>) {
    const tenant = tenants.get(tenantId);
    const way = ways.get(method);
    if (!tenant?.citizens.methods.includes(method) || !way?.levels(tenant.citizens).includes(level)) {
      return undefined;
    }
    return { way, settings: tenant.citizens, timeZone: tenant.timeZone };
  }

  async function note(
    terminal: TerminalIdentity,
    challenge: Challenge | undefined,
    outcome: string,
    revocation: Identified['revocation'] | null,
  ): Promise<AuditLine> {
    const at = clock.now();
    const line = { tenant_id: terminal.tenantId, audit_id: uuidv7(at, random) };
    await store
      .of<CitizenTables>()
      .insertInto('login_audit')
      .values({
        ...line,
        terminal_id: terminal.terminalId,
        at,
        method: challenge?.method ?? null,
        level: challenge?.level ?? null,
        outcome,
        revocation,
      })
      .execute();
    return line;
  }

  /** The line was written of a login that came too late while it was written. */
  async function correct({ tenant_id, audit_id }: AuditLine, problem: LoginProblem): Promise<void> {
    await store
      .of<CitizenTables>()
      .updateTable('login_audit')
      .set({ outcome: problem, revocation: null })
      .where('tenant_id', '=', tenant_id)
      .where('audit_id', '=', audit_id)
      .execute();
  }

  async function judged(
    terminal: TerminalIdentity,
    challenge: Challenge,
    proof: LoginProof,
  ): Promise<LoginResponse> {
    const { context, method, level } = challenge;
    const found = offered(terminal.tenantId, challenge);
    if (!found) throw refused('method-not-accepted');
    const { way, settings, timeZone } = found;
    const asked = { context, level, settings, timeZone, now: clock.now() };
    const { citizen, revocation } = await way.verify(proof, asked);
    if (!challenges.isLatest(challenge)) throw refused('challenge-unknown');
    // Written before the session is: a login that cannot be accounted for is none.
    const line = await note(terminal, challenge, 'verified', revocation);
    if (!challenges.isLatest(challenge)) {
      await correct(line, 'challenge-unknown');
      return { result: 'refused', problem: 'challenge-unknown' };
    }
    const parts = { sessionId: context.sessionId, method, level, revocation };
    const opened = sessions.open(terminal, parts, citizen, settings.sessionMinutes * 60_000);
    return { result: 'verified', ...opened };
  }

  return {
    sessions,
    challenge(terminal, asked) {
      const found = offered(terminal.tenantId, asked);
      if (!found) throw fail('LOGIN_NOT_ACCEPTED');
      sessions.keepOnly(terminal, asked.sessionId);
      const lifeMs = found.settings.challengeSeconds * 1_000;
      const { loginId, context, expiresAt } = challenges.give(terminal, { ...asked, lifeMs });
      return { loginId, nonce: context.nonce, at: context.at, expiresAt };
    },
    async prove(terminal, loginId, proof) {
      let challenge: Challenge | undefined;
      try {
        challenge = challenges.take(terminal, loginId);
        return await judged(terminal, challenge, proof);
      } catch (error) {
        const problem = problemOfRefusal(error);
        if (!problem) throw error;
        await note(terminal, challenge, problem, null);
        return { result: 'refused', problem };
      }
    },
    tidy: () => challenges.tidy(),
    close: () => sessions.close(),
  };
}

/** Forgets the lines of the audit that are older than so many days. */
export async function forgetAudit(store: Store, now: number, days: number): Promise<void> {
  await store
    .of<CitizenTables>()
    .deleteFrom('login_audit')
    .where('at', '<', now - days * 86_400_000)
    .execute();
}
