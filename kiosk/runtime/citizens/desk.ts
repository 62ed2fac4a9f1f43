import type { LoginResponse } from '@jolly/contracts/fleet-api';
import { Secret, uuidv7 } from '@jolly/contracts/values';
import type { CardKind, LookedAt, Presence } from '@jolly/drivers/card';
import { type CardOfCitizen, type KnownKind, kindOf, startLogin } from './chart/index.ts';
import type {
  CardOnReader,
  CitizenLogin,
  CitizenView,
  LoginDesk,
  LoginDeskOptions,
  SignedIn,
} from './port.ts';
import { type DeskHooks, LoginRun } from './run.ts';
import { TriesMemory } from './tries-memory.ts';

type Verified = Extract<LoginResponse, { result: 'verified' }>;

/** A card that was there before: its insertion, or whatever lies there until the reader has been empty. */
type Stale = number | 'whatever' | undefined;

/** The reader for citizens' cards and who signed in at it. Opens with nobody there. */
export const openLoginDesk = (options: LoginDeskOptions): LoginDesk => new Desk(options);

class Desk implements LoginDesk {
  readonly #options: LoginDeskOptions;
  readonly #hooks: DeskHooks;
  readonly #listeners = new Set<() => void>();
  readonly #stopPresence: () => void;
  readonly #tries: TriesMemory;
  #presence: Presence;
  #stale: Stale;
  /** Kind of the card that was looked at, until it moves. */
  #looked: KnownKind | undefined;
  #run: LoginRun | undefined;
  #sessionId: string | undefined;
  #signedIn: (SignedIn & { readonly cancel: () => void; card: CardOfCitizen }) | undefined;
  #reader: Promise<unknown> = Promise.resolve();
  #leaving: Promise<void> = Promise.resolve();

  constructor(options: LoginDeskOptions) {
    this.#options = options;
    this.#tries = new TriesMemory(options.clock);
    this.#presence = options.reader.presence();
    this.#stale = markOf(this.#presence);
    this.#stopPresence = options.reader.onPresence((presence) => this.#moved(presence));
    const desk = this;
    this.#hooks = {
      options,
      get citizen() {
        return desk.citizen;
      },
      sessionId: () => {
        this.#sessionId ??= uuidv7(options.clock.now(), options.random);
        return this.#sessionId;
      },
      exclusively: (act) => this.#exclusively(act),
      verified: (answer, wanted, card) => this.#verified(answer, wanted, card),
      remember: ({ tries, signedIn, seen }) => {
        this.#tries.keep(tries);
        this.#looked = kindOf(seen, this.#presence) === undefined ? undefined : seen;
        if (signedIn) this.#seen(signedIn);
      },
    };
  }

  get card(): CardOnReader {
    const { state } = this.#presence;
    if (state === 'none' || state === 'unavailable') return 'none';
    if (this.#isStale()) return 'left';
    return this.#signedIn && !lies(this.#signedIn.card, this.#presence) ? 'unseen' : 'laid';
  }

  get cardKind(): CardKind | undefined {
    return kindOf(this.#looked, this.#presence);
  }

  get signedIn(): SignedIn | undefined {
    return this.#signedIn;
  }

  get citizen(): CitizenView | undefined {
    const session = this.#signedIn?.session.reveal();
    if (!session) return undefined;
    const { givenName, familyName } = session.citizen;
    return { givenName, familyName, method: session.method, level: session.level };
  }

  open(purpose: Parameters<LoginDesk['open']>[0]): CitizenLogin {
    this.#run?.close();
    const step = startLogin({
      settings: this.#options.settings,
      purpose,
      presence: this.#presence,
      stale: this.#isStale(),
      tries: this.#tries.all,
      signedIn: this.#signedIn?.card,
      seen: this.#looked,
    });
    this.#run = new LoginRun(step, this.#hooks);
    return this.#run;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(card: 'left' | 'next' = 'left'): void {
    this.#run?.close();
    this.#run = undefined;
    this.#tries.endSession();
    this.#sessionId = undefined;
    this.#stale = card === 'left' ? markOf(this.#presence) : undefined;
    const signedIn = this.#signedIn;
    this.#signedIn = undefined;
    signedIn?.cancel();
    if (signedIn) this.#logOut(signedIn.token);
    this.#changed();
  }

  async close(): Promise<void> {
    this.#stopPresence();
    this.#listeners.clear();
    this.end();
    this.#tries.clear();
    await this.#leaving;
  }

  /** The login saw where the citizen's card lies, or that it has moved. */
  #seen(card: CardOfCitizen): void {
    const signedIn = this.#signedIn;
    if (!signedIn || signedIn.card.sameness !== card.sameness) return;
    const before = this.card;
    signedIn.card = card;
    if (this.card !== before) this.#changed();
  }

  #isStale(): boolean {
    const { state } = this.#presence;
    if (this.#stale === undefined || state === 'none') return false;
    return this.#stale === 'whatever' || state !== 'one' || this.#presence.insertion === this.#stale;
  }

  #moved(presence: Presence): void {
    const before = this.#presence;
    this.#presence = presence;
    if (this.cardKind === undefined) this.#looked = undefined;
    const signedIn = this.#signedIn;
    if (signedIn && !lies(signedIn.card, presence))
      signedIn.card = { ...signedIn.card, insertion: undefined };
    // while somebody is signed in nothing was there before: what turns up is looked at
    if (presence.state === 'none' || signedIn) this.#stale = undefined;
    // back from a fault, the reader counts anew: what lay there before lies there still, what nobody asked for lay there before
    else if (before.state === 'unavailable' && (this.#stale !== undefined || !this.#run?.open))
      this.#stale = markOf(presence);
    else if (presence.state === 'one' && typeof this.#stale === 'number' && !this.#isStale())
      this.#stale = undefined;
    this.#run?.presence(presence, this.#isStale());
    this.#changed();
  }

  #verified({ token, session }: Verified, wanted: boolean, card: LookedAt): void {
    const { clock, log } = this.#options;
    if (!wanted) {
      this.#logOut(new Secret(token));
      return;
    }
    this.#signedIn?.cancel();
    // measured on the terminal's own clock: the server's may differ
    const lifeMs = Math.max(0, session.expiresAt - session.at);
    const cancel = clock.after(lifeMs, () => {
      log('citizen-session-over');
      this.#signedIn = undefined;
      this.#run?.expired();
      this.#changed();
    });
    const { kind, sameness } = card;
    const insertion = lies(card, this.#presence) ? card.insertion : undefined;
    this.#signedIn = {
      token: new Secret(token),
      session: new Secret(session),
      cancel,
      card: { kind, sameness, insertion },
    };
    log('citizen-signed-in', { method: session.method, level: session.level });
    this.#changed();
  }

  /** As well as can be done: a server that does not hear it ends the session by its own clock. */
  #logOut(token: Secret<string>): void {
    const { fleet, log } = this.#options;
    this.#leaving = fleet.endCitizen(token).then(
      () => log('citizen-signed-out'),
      (error: unknown) =>
        log('citizen-sign-out-failed', { error: error instanceof Error ? error.name : 'unknown' }),
    );
  }

  #exclusively<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#reader.then(act);
    this.#reader = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const lies = ({ insertion }: { readonly insertion: number | undefined }, presence: Presence): boolean =>
  presence.state === 'one' && presence.insertion === insertion;

function markOf(presence: Presence): Stale {
  switch (presence.state) {
    case 'one':
      return presence.insertion;
    case 'several':
    case 'mute':
      return 'whatever';
    default:
      return undefined;
  }
}
