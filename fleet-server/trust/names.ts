import { derChildren, derOid, readDer } from '@jolly/contracts/der';
import { derText } from './der-values.ts';
import { trustError } from './errors.ts';

export const ATTRIBUTE = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  organization: '2.5.4.10',
  givenName: '2.5.4.42',
} as const;

/** The attributes of a Name, each with all its values: text is never cut out of a printed name. Throws SIGNED_DATA_INVALID. */
export function attributesOf(name: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const set of derChildren(readDer(name))) {
    for (const pair of derChildren(set)) {
      const [oid, value, more] = derChildren(pair);
      if (!oid || !value || more) throw trustError('SIGNED_DATA_INVALID', { why: 'name' });
      const key = derOid(oid);
      found.set(key, [...(found.get(key) ?? []), derText(value)]);
    }
  }
  return found;
}

/** The one value of an attribute; undefined when there is none, or more than one to choose from. */
export function onlyValue(
  attributes: ReadonlyMap<string, readonly string[]>,
  attribute: string,
): string | undefined {
  const values = attributes.get(attribute) ?? [];
  return values.length === 1 ? values[0] : undefined;
}
