import type { PersonalDetails } from './data-groups-codec.ts';
import type { Td1 } from './mrz.ts';

/** What a card says of its holder, for forms to be filled with. Personal: kept no longer than the form. */
export interface Person {
  readonly surname: string;
  readonly givenNames: string;
  /** `YYYY-MM-DD`, or undefined where the card does not know the whole of it. */
  readonly birthDate: string | undefined;
  /** Municipality first, as the card writes it. */
  readonly birthPlace: readonly string[];
  readonly address: readonly string[];
  /** Codice fiscale, unchecked. */
  readonly personalNumber: string | undefined;
  readonly documentNumber: string;
  readonly nationality: string;
}

/** The last such day that is not after `now`: nobody is born tomorrow. */
function pastDate(yymmdd: string, now: number): string | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(yymmdd);
  if (!match) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const thisYear = new Date(now).getUTCFullYear();
  const century = Math.floor(thisYear / 100) * 100;
  for (const full of [century + Number(year), century - 100 + Number(year)]) {
    if (Date.UTC(full, Number(month) - 1, Number(day)) <= now) return `${full}-${month}-${day}`;
  }
  return undefined;
}

/** DG11 says it in full and with accents; what it leaves out is taken from the machine-readable zone. `now` is epoch ms. */
export function personOf(zone: Td1, details: PersonalDetails | undefined, now: number): Person {
  return {
    surname: details?.surname ?? zone.surname,
    givenNames: details?.givenNames ?? zone.givenNames,
    birthDate: details?.birthDate ?? pastDate(zone.birth, now),
    birthPlace: details?.birthPlace ?? [],
    address: details?.address ?? [],
    personalNumber: details?.personalNumber,
    documentNumber: zone.documentNumber,
    nationality: zone.nationality,
  };
}
