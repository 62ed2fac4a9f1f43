import type { LoginContext } from '@jolly/contracts/citizen-login';
import type { LoginChallenge, LoginRequest } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';

/** A card needs up to a minute in the worst case (cie-card.md 10), a few seconds as a rule: this much must be left. */
const CARD_NEEDS_MS = 30_000;

/** A challenge in hand, with its end on this terminal's own clock: the server's may differ. */
export class Challenge {
  readonly loginId: string;
  readonly #challenge: LoginChallenge;
  readonly #request: LoginRequest;
  readonly #goodUntil: number;

  /** `asked`: monotonic time when the call left; what it took on the way is counted against it. */
  constructor(request: LoginRequest, challenge: LoginChallenge, asked: number) {
    const life = Math.max(0, challenge.expiresAt - challenge.at);
    this.loginId = challenge.loginId;
    this.#request = request;
    this.#challenge = challenge;
    this.#goodUntil = asked + life - Math.min(CARD_NEEDS_MS, life / 2);
  }

  /** Whether a card that begins now can be expected to answer in time. */
  good(request: Omit<LoginRequest, 'sessionId'>, clock: Clock): boolean {
    const same = request.method === this.#request.method && request.level === this.#request.level;
    return same && clock.monotonic() < this.#goodUntil;
  }

  context(place: { readonly tenantId: string; readonly terminalId: string }): LoginContext {
    const { nonce, at } = this.#challenge;
    const { tenantId, terminalId } = place;
    return { tenantId, terminalId, sessionId: this.#request.sessionId, nonce, at };
  }
}
