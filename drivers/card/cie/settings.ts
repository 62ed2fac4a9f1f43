import type { X509Certificate } from 'node:crypto';
import type { FillRandom } from '../crypto/index.ts';
import type { CardStep } from '../port.ts';

export { type FillRandom, systemFill } from '../crypto/index.ts';

/** Largest command and answer in bytes, as the card's EF.ATR gives them. */
export interface ExtendedLimits {
  readonly command: number;
  readonly answer: number;
}

/** Public files of one card, read without PIN. May be kept as long as the card does not move, and no longer. */
export interface CieFiles {
  readonly extended: ExtendedLimits | undefined;
  /** 12 ASCII digits. */
  readonly nis: Uint8Array;
  /** EF 1005. */
  readonly antiCloneKey: Uint8Array;
  /** EF 1006, already checked with its signer. */
  readonly sod: Uint8Array;
}

/** What happened so far, kept by the caller: tells whether an act may be begun again. */
export interface CieTrace {
  apdus: number;
  bytesSent: number;
  bytesReceived: number;
  /** A command that spends a try, or changes a PIN, was handed to the card. */
  secretSent: boolean;
  /** A command or answer went beyond the short form. */
  extendedUsed: boolean;
}

export const newTrace = (): CieTrace => ({
  apdus: 0,
  bytesSent: 0,
  bytesReceived: 0,
  secretSent: false,
  extendedUsed: false,
});

export interface CieOptions {
  /** Country signing certificates; undefined for a terminal that has none, whose server checks the chain. */
  readonly anchors: readonly X509Certificate[] | undefined;
  /** Epoch ms: the signer of the SOD must be valid then. */
  readonly at: number;
  readonly fill?: FillRandom;
  /** False where the reader does not carry extended APDUs. */
  readonly extended?: boolean;
  /** From `lookAtCie` on the same insertion. */
  readonly known?: CieFiles | undefined;
  readonly trace?: CieTrace;
  /** Given up: no secret is sent any more (the rest is the reader's to end). */
  readonly signal?: AbortSignal;
  /** Throws when it is not the card that is meant; called before any secret. */
  confirm?(nis: Uint8Array): void;
  onStep?(step: CardStep, done: number, of: number): void;
}
