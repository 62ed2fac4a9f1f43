import type { LoginContext, LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import { type Clock, type RandomBytes, uuidv7 } from '@jolly/contracts/values';
import type { TerminalIdentity } from '../identity/index.ts';
import { refused } from './refusals.ts';

/** What was asked of one terminal, for one login. */
export interface Challenge {
  readonly loginId: string;
  readonly context: LoginContext;
  readonly method: LoginMethod;
  readonly level: LoginLevel;
  readonly expiresAt: number;
}

export interface Challenges {
  /** A new one; the one this terminal had is worth nothing from here on. */
  give(
    terminal: TerminalIdentity,
    asked: {
      readonly sessionId: string;
      readonly method: LoginMethod;
      readonly level: LoginLevel;
      readonly lifeMs: number;
    },
  ): Challenge;
  /** Takes it away, whatever becomes of the proof. Throws `challenge-unknown` and `challenge-expired`. */
  take(terminal: TerminalIdentity, loginId: string): Challenge;
  /** Whether this terminal has asked for no other since: a proof may be long in judging, and another citizen have come. */
  isLatest(challenge: Challenge): boolean;
  /** Forgets those whose time is over. */
  tidy(): void;
}

/** One name per terminal: neither id may hold a slash. */
export const terminalKey = ({ tenantId, terminalId }: TerminalIdentity): string =>
  `${tenantId}/${terminalId}`;

/**
 * One challenge a terminal, in memory: one citizen stands before it. So memory is bounded by the fleet, and no terminal's
 * haste pushes out another's. After a restart the terminal asks again.
 */
export function openChallenges(clock: Clock, random: RandomBytes): Challenges {
  const given = new Map<string, Challenge>();
  const latest = new Map<string, string>();
  return {
    give(terminal, { sessionId, method, level, lifeMs }) {
      const at = clock.now();
      const nonce = Buffer.from(random(32)).toString('base64url');
      const challenge: Challenge = {
        loginId: uuidv7(at, random),
        context: { tenantId: terminal.tenantId, terminalId: terminal.terminalId, sessionId, nonce, at },
        method,
        level,
        expiresAt: at + lifeMs,
      };
      given.set(terminalKey(terminal), challenge);
      latest.set(terminalKey(terminal), challenge.loginId);
      return challenge;
    },
    take(terminal, loginId) {
      const key = terminalKey(terminal);
      const challenge = given.get(key);
      // a wrong id takes nothing away: it may be an old answer that comes late
      if (challenge?.loginId !== loginId) throw refused('challenge-unknown');
      given.delete(key);
      if (clock.now() > challenge.expiresAt) throw refused('challenge-expired');
      return challenge;
    },
    isLatest: ({ context, loginId }) => latest.get(terminalKey(context)) === loginId,
    tidy() {
      for (const [key, { expiresAt }] of given) if (clock.now() > expiresAt) given.delete(key);
    },
  };
}
