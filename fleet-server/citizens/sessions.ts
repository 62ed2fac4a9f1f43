import { createHash, timingSafeEqual } from 'node:crypto';
import type { LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import type { CitizenSession, VerifiedCitizen } from '@jolly/contracts/fleet-api';
import { type Clock, type RandomBytes, Secret } from '@jolly/contracts/values';
import type { TerminalIdentity } from '../identity/index.ts';
import { terminalKey } from './challenges.ts';
import type { Identified } from './login-way.ts';

/** A citizen logged in at one terminal. Hidden wherever it is printed by mistake. */
export interface OpenSession {
  /** The terminal's own id of the session in front of it. */
  readonly sessionId: string;
  readonly citizen: Secret<VerifiedCitizen>;
  readonly method: LoginMethod;
  readonly level: LoginLevel;
  readonly revocation: Identified['revocation'];
  readonly at: number;
  readonly expiresAt: number;
}

export interface CitizenSessions {
  /** Ends what the terminal had; resolves to the new session's token, which is kept hashed. */
  open(
    terminal: TerminalIdentity,
    session: Omit<OpenSession, 'citizen' | 'at' | 'expiresAt'>,
    citizen: VerifiedCitizen,
    lifeMs: number,
  ): { readonly token: string; readonly session: CitizenSession };
  /** The session of that token on that terminal, while it lives. */
  find(terminal: TerminalIdentity, token: string): OpenSession | undefined;
  end(terminal: TerminalIdentity, token: string): void;
  /** Another citizen stands there: ends a session of another `sessionId`. */
  keepOnly(terminal: TerminalIdentity, sessionId: string): void;
  /** Forgets everybody. */
  close(): void;
}

interface Kept {
  readonly tokenHash: Uint8Array;
  readonly session: OpenSession;
  readonly cancel: () => void;
}

const hashOf = (token: string): Uint8Array => createHash('sha256').update(token).digest();

/** In memory only, one a terminal: whom the server knows to be standing where is never on its disk. */
export function openSessions(clock: Clock, random: RandomBytes): CitizenSessions {
  const open = new Map<string, Kept>();

  function drop(key: string): void {
    open.get(key)?.cancel();
    open.delete(key);
  }
  function kept(key: string, token: string): OpenSession | undefined {
    const found = open.get(key);
    if (!found || !timingSafeEqual(found.tokenHash, hashOf(token))) return undefined;
    return clock.now() < found.session.expiresAt ? found.session : undefined;
  }

  return {
    open(terminal, parts, citizen, lifeMs) {
      const key = terminalKey(terminal);
      drop(key);
      const token = Buffer.from(random(32)).toString('base64url');
      const at = clock.now();
      const expiresAt = at + lifeMs;
      const cancel = clock.after(lifeMs, () => open.delete(key));
      const session = { ...parts, citizen: new Secret(citizen), at, expiresAt };
      open.set(key, { tokenHash: hashOf(token), session, cancel });
      return { token, session: sessionAsTold(session) };
    },
    find: (terminal, token) => kept(terminalKey(terminal), token),
    end(terminal, token) {
      const key = terminalKey(terminal);
      if (kept(key, token)) drop(key);
    },
    keepOnly(terminal, sessionId) {
      const key = terminalKey(terminal);
      if (open.get(key)?.session.sessionId !== sessionId) drop(key);
    },
    close() {
      for (const key of [...open.keys()]) drop(key);
    },
  };
}

/** What services and the terminal are told. */
export function sessionAsTold({ citizen, method, level, at, expiresAt }: OpenSession): CitizenSession {
  return { citizen: citizen.reveal(), method, level, at, expiresAt };
}
