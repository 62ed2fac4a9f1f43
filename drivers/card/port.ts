import type { LoginContext } from '@jolly/contracts/citizen-login';
import type { SecretDigits } from '@jolly/contracts/values';
import type { Device } from '../health/index.ts';

export type CardKind = 'cie' | 'cns';

/** What lies on the readers, as far as can be told without talking to it. */
export type Presence =
  | { readonly state: 'none' }
  /** One card; `insertion` names it until it moves. */
  | { readonly state: 'one'; readonly insertion: number }
  /** More than one, on one reader (mute) or on several. */
  | { readonly state: 'several' }
  | { readonly state: 'mute' }
  /** No reader, or no service. */
  | { readonly state: 'unavailable'; readonly reason: string };

/** A card that was looked at: kind, and what tells it from another (for a CIE its NIS was proved by the anti-clone key). */
export interface LookedAt {
  readonly kind: CardKind;
  readonly insertion: number;
  /** SHA-256 over the kind and its serial (NIS or card id), hex, salted anew at each start: comparable, not traceable. */
  readonly sameness: string;
}

/** One step of an act on the card begins. `done` of `of` steps are behind. */
export type CardStep = 'look' | 'channel' | 'secret' | 'certificate' | 'signature' | 'document';
export interface ActOptions {
  onStep?(step: CardStep, done: number, of: number): void;
  /** The card must be that one (`LookedAt.sameness`), else CARD_REMOVED. */
  readonly sameness?: string;
  /**
   * Gives the act up: nothing more is sent, not even the answer of the command under way is waited for, and the card is reset. The act
   * rejects with CARD_SLOW, or PIN_UNCERTAIN when a secret was under way.
   */
  readonly signal?: AbortSignal;
}

/** What a card gave to prove a citizen to the server; files cut to their DER length. Personal data: kept no longer than the call. */
export type CardProof =
  | {
      readonly kind: 'cie-pin';
      readonly nis: string;
      readonly certificate: Uint8Array;
      readonly signature: Uint8Array;
      readonly sod: Uint8Array;
    }
  | { readonly kind: 'cns-pin'; readonly certificate: Uint8Array; readonly signature: Uint8Array }
  | {
      readonly kind: 'cie-card';
      readonly nis: string;
      readonly antiCloneKey: Uint8Array;
      readonly antiCloneAnswer: Uint8Array;
      readonly sod: Uint8Array;
      readonly dg1: Uint8Array;
      readonly dg11: Uint8Array | undefined;
      readonly documentSod: Uint8Array;
    };

/**
 * A reader for citizens' cards. Every act runs in exclusive transactions that end with a reset of the card; one act at a time. How the
 * card was left before is not known (another program may have used it since), so each begins with SELECT of the root, which ends whatever
 * channel there was, and believes nothing of before. Acts reject with errors of `cardError` only. A secret is checked when the act
 * begins and again right before it is sent, sent at most once, and wiped by its owner.
 */
export interface CardReader extends Device {
  presence(): Presence;
  onPresence(listener: (presence: Presence) => void): () => void;
  /** Which card it is; for a CIE with NIS and anti-clone proof. No PIN, nothing personal. */
  look(options?: ActOptions): Promise<LookedAt>;
  /** Channel, PIN, certificate, signature over `loginText(context)` with SHA-256. `triesLeft` in PIN_WRONG. */
  signIn(pin: SecretDigits, context: LoginContext, options?: ActOptions): Promise<CardProof>;
  /** The same without PIN: CAN, travel document, anti-clone answer to the nonce. CIE only. */
  identify(can: SecretDigits, context: LoginContext, options?: ActOptions): Promise<CardProof>;
  /** CIE only. */
  changePin(pin: SecretDigits, newPin: SecretDigits, options?: ActOptions): Promise<void>;
  /** CIE only: unblocks with the PUK and sets a new PIN. */
  unblockPin(puk: SecretDigits, newPin: SecretDigits, options?: ActOptions): Promise<void>;
}

/** Digits each secret has (cie-card.md 5, 7, 9). */
export const SECRET_LENGTH = {
  'cie-pin': { min: 8, max: 8 },
  'cie-puk': { min: 8, max: 8 },
  'cie-can': { min: 6, max: 6 },
  'cns-pin': { min: 5, max: 8 },
} as const;
