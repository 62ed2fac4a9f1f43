import type { Intent, Screen, ScreenName, SecretKey, Snapshot } from '@jolly/contracts/terminal-channel';

/** What every screen gets: the snapshot, the runtime's time now (epoch ms, ticking), and the way back. */
export interface View {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly send: (intent: Intent) => void;
  /** One key of a secret field, on its own path: it becomes no intent and is kept nowhere on this side. */
  readonly secret: (key: SecretKey) => void;
}

/** Certificates write names in capitals; people do not. A name that has small letters is left as it is. */
export const shownName = (name: string): string =>
  name === name.toUpperCase()
    ? name.toLowerCase().replace(/(?<=^|[\s'’-])\p{L}/gu, (letter) => letter.toUpperCase())
    : name;

/** The name as shown: given name first. */
export const personOf = ({ citizen }: Snapshot): string | undefined =>
  citizen && `${givenNameOf(citizen)} ${shownName(citizen.familyName)}`;

export const givenNameOf = (citizen: { readonly givenName: string }): string => shownName(citizen.givenName);

/**
 * What is never said where others hear it. The given name stands in every form of a name that is shown; a family name
 * alone does not, and one like Carta would silence the login.
 */
export const namesOf = ({ citizen }: Snapshot): readonly string[] =>
  citizen ? [citizen.givenName, givenNameOf(citizen)] : [];

/** The creditor's words for the notice, set as in a sentence: their « - » would hang at the end of a line. */
export const reasonOf = (notice: { readonly description: string }): string =>
  notice.description.replaceAll(' - ', ', ');

export type ScreenOf<Name extends ScreenName> = Extract<Screen, { name: Name }>;

export interface ScreenProps<Name extends ScreenName> {
  readonly view: View;
  readonly screen: ScreenOf<Name>;
}

/** What a place offers; a runtime that says nothing offers everything. */
export const offeredIn = (place: Snapshot['place']): NonNullable<Snapshot['place']['services']> =>
  place.services ?? { payments: true, spontaneous: true, assistance: true };
