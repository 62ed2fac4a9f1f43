import type { Slip } from './payment.ts';

/** An act, as plain data. The runner performs it only after the step that announces it is on the disk. */
export type Effect =
  | { readonly do: 'verify' }
  | { readonly do: 'activate'; readonly afterMs: number }
  /** Token, clock, terminal, paper: everything that must hold before a card is asked for. */
  | { readonly do: 'check' }
  | { readonly do: 'charge' }
  | { readonly do: 'abort-card' }
  | { readonly do: 'ask-pos'; readonly afterMs: number }
  | { readonly do: 'reverse' }
  | { readonly do: 'ask-reversal' }
  /** Wakes the outbox: the letters are already in it. */
  | { readonly do: 'deliver' }
  | { readonly do: 'ask-node'; readonly afterMs: number }
  | { readonly do: 'print'; readonly slip: Slip; readonly duplicate: boolean }
  | { readonly do: 'link' }
  | { readonly do: 'wake'; readonly at: number; readonly event: 'token-short' | 'wait-over' }
  /** Opens a fresh payment of the same notice in the citizen's hands. */
  | { readonly do: 'succeed'; readonly keepConsent: boolean };
