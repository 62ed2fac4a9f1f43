import type { AuthorisationResponse, CardEvidence } from '@jolly/contracts/fleet-api';
import { cents, errorsOf, type ManualClock, sleep } from '@jolly/contracts/values';
import type { CardTerminal } from '@jolly/drivers/pos';
import type { FleetClient } from '@jolly/kiosk-runtime/fleet-link';
import { type GatewayLink, GatewayTerminal } from '@jolly/kiosk-runtime/gateway-terminal';
import type { Evidence } from '../invariant.ts';
import type { FakeFleet } from './fleet.ts';
import type { Power } from './power.ts';
import { type ByteCut, Shears, type WireBench, type WireMood } from './wire.ts';

const fail = errorsOf({
  SERVER_REFUSED: { cause: 'refused', retry: 'no' },
  SERVER_UNREACHABLE: { cause: 'no answer', retry: 'later' },
});

/** How long the card takes at the provider’s terminal: longer than a reboot of this world, so that it is still open then. */
const CARD_MS = 400;

/**
 * Fleet server, gateway and the provider's terminal behind it, as the kiosk sees them through two routes; the real waiting side on this
 * end. A payment whose outcome is stored takes no card any more.
 */
export class GatewayBench implements WireBench {
  readonly memory: { readonly ledger: Evidence['pos'][number][] } = { ledger: [] };
  cut: ByteCut | undefined;
  readonly #clock: ManualClock;
  readonly #fleet: FakeFleet;
  readonly #states = new Map<string, AuthorisationResponse>();
  #mood: WireMood = 'approve';
  #shears = new Shears(undefined);

  constructor(clock: ManualClock, fleet: FakeFleet) {
    this.#clock = clock;
    this.#fleet = fleet;
  }

  get counts() {
    return this.#shears.counts;
  }

  arm(mood: WireMood): void {
    this.#mood = mood;
  }

  terminal(power: Power, client: FleetClient): CardTerminal {
    const shears = new Shears(this.cut);
    this.cut = undefined;
    this.#shears = shears;
    const exchange = <T>(work: () => T, lost = false): Promise<T> =>
      power.across(async () => {
        await sleep(this.#clock, 5);
        if (!power.on) return new Promise<T>(() => undefined);
        shears.counts.written++;
        const answer = work();
        if (shears.reached('written')) power.cut();
        await sleep(this.#clock, 5);
        if (lost) throw fail('SERVER_UNREACHABLE');
        shears.counts.read++;
        // The answer still reaches the process; a moment later there is no process.
        if (shears.reached('read')) setImmediate(() => power.cut());
        return answer;
      });
    const fleet: GatewayLink = {
      authorise: (id, { amountCents }) =>
        exchange(() => this.#authorise(id, amountCents), this.#mood.startsWith('lost')),
      authorisation: (id) => exchange(() => this.#states.get(id) ?? { state: 'none' }),
      get reachable() {
        return client.reachable;
      },
    };
    const driver = new GatewayTerminal(
      'pagopa-gateway:T1',
      { posTerminalId: 'T1', waitMs: 30_000, settleMs: 0, pollMs: 50 },
      { clock: this.#clock, log: () => undefined },
      { fleet, onReachable: () => () => undefined },
    );
    power.whenCut(() => void driver.close());
    return driver;
  }

  #authorise(id: string, amountCents: number): AuthorisationResponse {
    if (this.#fleet.records.get(id)?.outcome) throw fail('SERVER_REFUSED', { code: 'PAYMENT_CLOSED' });
    const before = this.#states.get(id);
    if (before && ['waiting', 'approved', 'unknown'].includes(before.state)) return before;
    const mood = this.#mood;
    this.#mood = 'approve';
    const waiting: AuthorisationResponse = { state: 'waiting' };
    if (mood === 'lost-not-charged') return waiting;
    this.#states.set(id, waiting);
    this.#clock.after(CARD_MS, () => {
      this.#states.set(
        id,
        mood === 'decline'
          ? { state: 'declined', reason: 'DECLINED' }
          : { state: 'approved', card: this.#charge(amountCents) },
      );
    });
    return waiting;
  }

  #charge(amountCents: number): CardEvidence {
    const stan = String(this.memory.ledger.length + 1).padStart(6, '0');
    this.memory.ledger.push({ kind: 'charge', stan, amountCents });
    return {
      posTerminalId: 'T1',
      stan,
      cardType: 'credit',
      chargedAt: this.#clock.now(),
      amountCents: cents(amountCents),
    };
  }
}
