import { birthDateOf, fiscalCodeIsValid } from '@jolly/contracts/fiscal-code';
import type { VerifiedCitizen } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import { ATTRIBUTE, attributesOf, onlyValue } from '../trust/index.ts';
import { refused } from './refusals.ts';

const MAX_NAME = 120;

/**
 * The citizen a certificate names: the fiscal code before the slash of the CN (CIE, CNS) and after `TINIT-` of the
 * serialNumber (ETSI EN 319 412-1), given name and surname in attributes of their own. Two codes that differ name nobody.
 * `subject` is DER. Throws `identity-unreadable`.
 */
export function citizenOf(subject: Uint8Array, now: number): VerifiedCitizen {
  try {
    const attributes = attributesOf(subject);
    const codes = [
      /^([A-Z0-9]{16})\/./.exec(onlyValue(attributes, ATTRIBUTE.commonName) ?? '')?.[1],
      /^TINIT-([A-Z0-9]{16})$/.exec(onlyValue(attributes, ATTRIBUTE.serialNumber) ?? '')?.[1],
    ].filter((code) => code !== undefined);
    const [fiscalCode] = codes;
    if (fiscalCode === undefined || codes.some((code) => code !== fiscalCode)) {
      throw refused('identity-unreadable');
    }
    return citizen({
      fiscalCode,
      givenName: onlyValue(attributes, ATTRIBUTE.givenName) ?? '',
      familyName: onlyValue(attributes, ATTRIBUTE.surname) ?? '',
      birthDate: birthDateOf(fiscalCode, now),
    });
  } catch (error) {
    if (isJollyError(error)) throw refused('identity-unreadable', error);
    throw error;
  }
}

/** Throws `identity-unreadable` for a code whose check character is wrong, or a name no screen takes. */
export function citizen(parts: {
  readonly fiscalCode: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly birthDate: string | undefined;
}): VerifiedCitizen {
  const { fiscalCode, birthDate } = parts;
  const givenName = parts.givenName.trim();
  const familyName = parts.familyName.trim();
  const fits = givenName.length <= MAX_NAME && familyName.length <= MAX_NAME;
  if (!fiscalCodeIsValid(fiscalCode) || !fits) throw refused('identity-unreadable');
  return { fiscalCode, givenName, familyName, ...(birthDate === undefined ? {} : { birthDate }) };
}
