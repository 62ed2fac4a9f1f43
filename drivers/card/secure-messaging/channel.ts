import { secretBytes, wipe } from '@jolly/contracts/values';
import type { Answer, CardChannel, Command } from '../apdu/index.ts';
import { broken, protect, unprotect } from './protect.ts';
import type { SessionKeys } from './suite.ts';

export interface SecureChannel extends CardChannel {
  /** False once anything went wrong or after `wipe`: never true again. */
  readonly alive: boolean;
  /** Keys or counter after the last answer; what is absent stays. The values are copied. */
  rekey(next: Partial<SessionKeys>): void;
  /** Forgets the keys; the channel is dead. */
  wipe(): void;
}

export interface SecureChannelOptions {
  /**
   * Most data of one protected command; longer data is chained, each block with its own step of the counter. When absent, what fits a
   * short APDU: E7 for 3DES (cie-card.md 4.3), DF for AES.
   */
  readonly block?: number;
  /** The card takes extended APDUs: whatever it answers comes at once and not in pieces of 256 bytes. */
  readonly extended?: boolean;
}

const SHORT_BLOCK = { '3DES': 0xe7, AES: 0xdf } as const;

/**
 * A channel under secure messaging over a plain one. It owns copies of the keys. Whatever goes wrong (a lost card, a wrong MAC, an answer
 * without protection) ends it for ever: keys wiped, every further command CARD_CHANNEL_BROKEN; the caller starts again
 * from a reset, if at all.
 */
export function secureChannel(
  plain: CardChannel,
  keys: SessionKeys,
  options: SecureChannelOptions = {},
): SecureChannel {
  let current = copied(keys);
  let alive = true;

  const end = () => {
    alive = false;
    wipe(current.encryption, current.mac, current.ssc);
  };

  async function step(command: Command): Promise<Answer> {
    if (!alive) throw broken('used-after-end');
    try {
      increment(current.ssc);
      const answer = await plain.send(protect(current, command, options.extended));
      if (!alive) throw broken('used-after-end');
      increment(current.ssc);
      return unprotect(current, answer);
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    get alive() {
      return alive;
    },
    async send(command) {
      const { cla, ins, p1, p2, data = new Uint8Array(0) } = command;
      const block = options.block ?? SHORT_BLOCK[current.cipher];
      let at = 0;
      for (; data.length - at > block; at += block) {
        const part = { cla: cla | 0x10, ins, p1, p2, data: data.subarray(at, at + block) };
        const answer = await step(part);
        if (answer.sw !== 0x9000) return answer;
      }
      return step({ ...command, data: data.subarray(at) });
    },
    rekey(next) {
      if (!alive) throw broken('used-after-end');
      const before = current;
      current = copied({ ...before, ...next });
      wipe(before.encryption, before.mac, before.ssc);
    },
    wipe: end,
  };
}

function copied(keys: SessionKeys): SessionKeys {
  const copy = (bytes: Uint8Array) => {
    const out = secretBytes(bytes.length);
    out.set(bytes);
    return out;
  };
  if (keys.ssc.length !== (keys.cipher === '3DES' ? 8 : 16)) throw new RangeError('a counter of one block');
  return {
    cipher: keys.cipher,
    encryption: copy(keys.encryption),
    mac: copy(keys.mac),
    ssc: copy(keys.ssc),
  };
}

/** Big endian, in place. A counter that would begin again ends the channel: none is used twice. */
function increment(ssc: Uint8Array): void {
  for (let at = ssc.length - 1; at >= 0; at -= 1) {
    const next = ((ssc[at] ?? 0) + 1) & 0xff;
    ssc[at] = next;
    if (next !== 0) return;
  }
  throw broken('counter-used-up');
}
