import type { Intent, Screen, ScreenName, Snapshot } from '@jolly/contracts/terminal-channel';

/** What every screen gets: the snapshot, the runtime's time now (epoch ms, ticking), and the way back. */
export interface View {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly send: (intent: Intent) => void;
}

/** The creditor's words for the notice, set as in a sentence: their « - » would hang at the end of a line. */
export const reasonOf = (notice: { readonly description: string }): string =>
  notice.description.replaceAll(' - ', ', ');

export type ScreenOf<Name extends ScreenName> = Extract<Screen, { name: Name }>;

export interface ScreenProps<Name extends ScreenName> {
  readonly view: View;
  readonly screen: ScreenOf<Name>;
}
