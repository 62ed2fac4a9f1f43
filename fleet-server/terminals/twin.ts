import { type Presence, Reported, type ReportedMessage } from '@jolly/contracts/fleet-link';
import { applyMergePatch, type Json } from '@jolly/contracts/twin';

/** The reported half of a terminal's twin, as pure rules: what is known, and what a message makes of it. */
export interface TwinState {
  readonly online: boolean;
  /** Of the connection that is there, or was there last. */
  readonly boot: string | undefined;
  /** `silent`: nobody said that it is gone, but nothing came and it did not answer. */
  readonly why: Presence['why'] | 'silent' | undefined;
  readonly reported: Reported | undefined;
  readonly seq: number;
}

export const UNKNOWN_TWIN: TwinState = {
  online: false,
  boot: undefined,
  why: undefined,
  reported: undefined,
  seq: 0,
};

/**
 * A presence, or nothing when it says nothing new. A will of an older connection comes late and is passed over: the terminal has been
 * back since.
 */
export function withPresence(state: TwinState, presence: Presence): TwinState | undefined {
  const { online, boot, why } = presence;
  if (!online && state.boot !== undefined && boot !== state.boot) return undefined;
  if (online === state.online && boot === state.boot) return undefined;
  return { ...state, online, boot, why };
}

/** It spoke: who was only thought to be gone is there after all. */
export function withWord(state: TwinState): TwinState | undefined {
  return !state.online && state.why === 'silent' ? { ...state, online: true, why: 'connected' } : undefined;
}

export type ReportedStep =
  | { readonly step: 'taken'; readonly state: TwinState; readonly reported: Reported }
  /** A gap, or a patch that leads to no document: everything must be told again. */
  | { readonly step: 'ask' };

/** A whole stands for itself; a patch only on the one before it. */
export function withReported(state: TwinState, message: ReportedMessage): ReportedStep {
  if (message.form === 'whole') return taken(state, message.reported, message.seq);
  if (!state.reported || message.seq !== state.seq + 1) return { step: 'ask' };
  const patched = Reported.safeParse(
    applyMergePatch(state.reported as unknown as Json, message.patch as Json),
  );
  return patched.success ? taken(state, patched.data, message.seq) : { step: 'ask' };
}

function taken(state: TwinState, reported: Reported, seq: number): ReportedStep {
  return { step: 'taken', state: { ...state, reported, seq }, reported };
}
