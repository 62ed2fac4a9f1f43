import type { LoginLevel, LoginMethod } from '@jolly/contracts/citizen-login';
import type {
  CitizenSession,
  LoginChallenge,
  LoginProof,
  LoginRequest,
  LoginResponse,
} from '@jolly/contracts/fleet-api';
import type { LoginAction, LoginPurpose, Screen } from '@jolly/contracts/terminal-channel';
import type { Clock, RandomBytes, Secret } from '@jolly/contracts/values';
import type { CardKind, CardReader } from '@jolly/drivers/card';
import type { SecretPad } from './pad.ts';

/** The screens that a login shows: the desk gives them ready, the session only chooses when to show them. */
export type LoginScreen = Extract<
  Screen,
  {
    name:
      | 'login-card'
      | 'login-secret'
      | 'login-last-try'
      | 'login-working'
      | 'login-problem'
      | 'login-other-ways'
      | 'signed-in'
      | 'pin-done';
  }
>;

/** What the citizen (or the session for them) tells a login. Unknown on the present page: ignored. */
export type LoginCommand =
  | { readonly type: 'choose'; readonly action: LoginAction }
  | { readonly type: 'back' }
  /** The citizen turns away. An act on the card that has begun ends by itself; what it brings is thrown away. */
  | { readonly type: 'leave' };

/** Who is signed in, as the screen says it. */
export interface CitizenView {
  readonly givenName: string;
  readonly familyName: string;
  readonly method: LoginMethod;
  readonly level: LoginLevel;
}

/** A citizen's session as the server opened it. */
export interface SignedIn {
  readonly token: Secret<string>;
  readonly session: Secret<CitizenSession>;
}

/** One visit to the card reader. */
export interface CitizenLogin {
  readonly screen: LoginScreen;
  readonly citizen: CitizenView | undefined;
  /** False while the card is at work: who leaves then, leaves when the act has ended. */
  readonly interruptible: boolean;
  /** `back` leads to another page of this login; else it leads out of it. */
  readonly canGoBack: boolean;
  /** The card that lies there is not that of the citizen who is signed in. To be answered with `end` of the desk, for `next`. */
  readonly another: boolean;
  send(command: LoginCommand): void;
  onChange(listener: () => void): () => void;
}

/**
 * `laid`: by the citizen of this session, or by one who comes. `unseen`: laid while somebody is signed in, and not yet looked at: it may
 * be another's. `left`: it was there before them, and must be lifted first.
 */
export type CardOnReader = 'none' | 'laid' | 'unseen' | 'left';

/** The fleet server as logins see it. Rejects with `SERVER_UNREACHABLE` or `SERVER_REFUSED` (`detail.code`). */
export interface LoginClient {
  loginChallenge(request: LoginRequest): Promise<LoginChallenge>;
  /** Answered once; not safe to repeat. */
  loginProof(loginId: string, proof: LoginProof): Promise<LoginResponse>;
  /** Ends the citizen's session at the server. */
  endCitizen(token: Secret<string>): Promise<void>;
}

export interface LoginSettings {
  readonly methods: readonly LoginMethod[];
  readonly withoutPin: boolean;
  readonly shufflePad: boolean;
}

/** Reader and citizens of this terminal. One login, and one citizen, at a time. */
export interface LoginDesk {
  /** Begins a login; ends the one that was there. */
  open(purpose: LoginPurpose): CitizenLogin;
  readonly card: CardOnReader;
  /** Kind of the card that lies there, once it was looked at. */
  readonly cardKind: CardKind | undefined;
  /** Who is signed in, and the token for calls made for them. */
  readonly signedIn: SignedIn | undefined;
  readonly citizen: CitizenView | undefined;
  /** A card came or went, or the citizen's session ended at the server. */
  onChange(listener: () => void): () => void;
  /**
   * Ends the session in front: logs out at the server, forgets all of it. A card that lies there is `left` from now on, unless
   * it is that of who comes `next`.
   */
  end(card?: 'left' | 'next'): void;
  /** Ends the session, and waits for the server to hear of it or not. An act on the card ends with its driver. */
  close(): Promise<void>;
}

export interface LoginDeskOptions {
  readonly reader: Pick<
    CardReader,
    'presence' | 'onPresence' | 'look' | 'signIn' | 'identify' | 'changePin' | 'unblockPin'
  >;
  readonly fleet: LoginClient;
  readonly pad: SecretPad;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly place: { readonly tenantId: string; readonly terminalId: string };
  readonly settings: LoginSettings;
  readonly log: (event: string, detail?: Readonly<Record<string, string | number | boolean>>) => void;
}
