import { createPublicKey } from 'node:crypto';
import type { TravelPersona } from '../applet.ts';
import { activeInfo } from './active-authentication.ts';
import { chipInfos } from './chip-authentication.ts';
import { dg1, dg2, dg11, efCom } from './data-groups.ts';
import { paceInfo } from './pace.ts';
import { tlv } from './tlv.ts';

export interface DocumentFile {
  readonly fid: number;
  readonly sfi: number;
  /** Asked at each read: a fault may change what is read. */
  readonly bytes: () => Uint8Array;
}

const fixed = (fid: number, bytes: Uint8Array): DocumentFile => ({
  fid,
  sfi: fid & 0x1f,
  bytes: () => bytes,
});

/** Tags of the data groups in EF.COM. */
const TAGS: Readonly<Record<number, number>> = { 1: 0x61, 2: 0x75, 11: 0x6b, 14: 0x6e, 15: 0x6f };

/** EF.CardAccess, or undefined when the card offers no PACE. */
export function cardAccess({ pace }: Pick<TravelPersona, 'pace'>): DocumentFile | undefined {
  return pace.length === 0 ? undefined : fixed(0x011c, tlv(0x31, ...pace.map(paceInfo)));
}

/** DG14: the security infos of chip authentication, of an active authentication that needs them, and of PACE. */
function dg14({ chipAuthentication, activeAuthentication, pace }: TravelPersona): Uint8Array | undefined {
  const active = activeAuthentication && activeInfo(activeAuthentication);
  if (!chipAuthentication && !active) return undefined;
  const chip = chipAuthentication ? chipInfos(chipAuthentication.key, chipAuthentication.cipher) : [];
  return tlv(0x6e, tlv(0x31, ...chip, ...(active ? [active] : []), ...pace.map(paceInfo)));
}

function dg15({ activeAuthentication: key }: TravelPersona): Uint8Array | undefined {
  return key && tlv(0x6f, new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' })));
}

function dataGroups(persona: TravelPersona): ReadonlyMap<number, Uint8Array> {
  const made: readonly (readonly [number, Uint8Array | undefined])[] = [
    [1, dg1(persona)],
    [2, dg2(persona, persona.photo)],
    [11, dg11(persona)],
    [14, dg14(persona)],
    [15, dg15(persona)],
  ];
  const groups = new Map<number, Uint8Array>();
  for (const [number, bytes] of made) if (bytes) groups.set(number, bytes);
  return groups;
}

/** The files of the travel document's application: EF.COM, the data groups and EF.SOD. */
export function applicationFiles(persona: TravelPersona): readonly DocumentFile[] {
  const groups = dataGroups(persona);
  let signed: Uint8Array | undefined;
  const sod = (): Uint8Array => {
    signed ??= persona.signSod(groups, persona.sod.hash, persona.sod);
    if (!persona.trouble().badSod) return signed;
    // The signature ends the file: one bit of it is enough.
    const bad = Uint8Array.from(signed);
    bad[bad.length - 1] = (bad[bad.length - 1] ?? 0) ^ 1;
    return bad;
  };
  return [
    fixed(0x011e, efCom([...groups.keys()].map((number) => TAGS[number] ?? 0))),
    ...[...groups].map(([number, bytes]) => fixed(0x0100 | number, bytes)),
    { fid: 0x011d, sfi: 0x1d, bytes: sod },
  ];
}
