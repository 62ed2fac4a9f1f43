import { createHash } from 'node:crypto';
import type { RandomBytes } from '@jolly/contracts/values';
import { power, toBytes, toNumber } from '../numbers.ts';
import { concat, fromHex } from '../tlv.ts';
import type { DhGroup } from './groups.ts';
import { SecureChannel } from './secure-channel.ts';

/** Both public values as they went over the wire: the device authentication hashes them. */
export interface Agreement {
  readonly terminal: Uint8Array;
  readonly card: Uint8Array;
  readonly channel: SecureChannel;
}

const sha256 = (...parts: readonly Uint8Array[]) =>
  Uint8Array.from(
    createHash('sha256')
      .update(concat(...parts))
      .digest(),
  );

/** cie-card.md 4.2. Undefined when the terminal's value is none of the group. */
export function agree(group: DhGroup, terminal: Uint8Array, random: RandomBytes): Agreement | undefined {
  const p = toNumber(group.p);
  const q = toNumber(group.q);
  const theirs = toNumber(terminal);
  if (terminal.length !== group.p.length || theirs < 2n || theirs > p - 2n) return undefined;
  const secret = (toNumber(random(group.q.length + 8)) % (q - 1n)) + 1n;
  const shared = toBytes(power(theirs, secret, p), group.p.length);
  const key = (number: string) => sha256(shared, fromHex(number)).slice(0, 16);
  return {
    terminal,
    card: toBytes(power(toNumber(group.g), secret, p), group.p.length),
    channel: new SecureChannel(key('00000001'), key('00000002')),
  };
}
