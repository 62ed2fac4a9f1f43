import type { LinkAddress } from '@jolly/contracts/fleet-link';
import type { Transaction } from '../store/index.ts';

/** Why a key is suspect: an old lease came back, or the machine under it is another one. */
export type Suspicion = 'stale-lease' | 'machine-changed';

/** Runs in the transaction that changes the terminal's status: it is there with it, or not at all. */
export type SuspectListener = (tx: Transaction, who: LinkAddress, why: Suspicion) => Promise<void>;
/** The suspicion is over: staff trust it, or the key is no longer in use at all. */
export type ClearedListener = (tx: Transaction, who: LinkAddress) => Promise<void>;

/** Who wants to know when a key becomes suspect, and when that is over. */
export interface Watchers {
  onSuspect(listener: SuspectListener): void;
  onCleared(listener: ClearedListener): void;
  /** After the commit: the key is believed no more, whatever connection it has is to end. */
  onShut(listener: (who: LinkAddress) => void): void;
  /** After the commit: it stands at another site, or at none. */
  onPlaced(listener: (who: LinkAddress) => void): void;
  suspect: SuspectListener;
  cleared: ClearedListener;
  shut(who: LinkAddress): void;
  placed(who: LinkAddress): void;
}

export function createWatchers(): Watchers {
  const suspects: SuspectListener[] = [];
  const clears: ClearedListener[] = [];
  const shuts: ((who: LinkAddress) => void)[] = [];
  const moves: ((who: LinkAddress) => void)[] = [];
  return {
    onSuspect: (listener) => {
      suspects.push(listener);
    },
    onCleared: (listener) => {
      clears.push(listener);
    },
    onShut: (listener) => {
      shuts.push(listener);
    },
    onPlaced: (listener) => {
      moves.push(listener);
    },
    placed: (who) => {
      for (const listener of moves) listener(who);
    },
    shut: (who) => {
      for (const listener of shuts) listener(who);
    },
    async suspect(tx, who, why) {
      for (const listener of suspects) await listener(tx, who, why);
    },
    async cleared(tx, who) {
      for (const listener of clears) await listener(tx, who);
    },
  };
}
