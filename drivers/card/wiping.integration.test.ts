import { createServer } from 'node:net';
import { Duplex } from 'node:stream';
import type { LoginContext } from '@jolly/contracts/citizen-login';
import { SecretDigits, systemClock } from '@jolly/contracts/values';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Cards, createCards, type EmulatedCard } from '../../simulators/card/index.ts';
import { layFakeCard } from '../../tests/pcsc/fake-card.ts';
import { exchange } from './apdu/index.ts';
import { type CieOptions, changeCiePin, signInWithCie, unblockCiePin } from './cie/index.ts';
import { signInWithCns } from './cns/index.ts';
import { iasKdf, systemFill } from './crypto/index.ts';
import { encodeReport } from './reader/pcsc/messages-codec.ts';
import { PcscProcess } from './reader/pcsc/process.ts';
import { VirtualReaderStack } from './reader/virtual/index.ts';
import { type SessionKeys, secureChannel } from './secure-messaging/index.ts';

/** Every buffer made for a secret, still held; and what was in those that were wiped, just before. */
const seen = vi.hoisted(() => ({ made: [] as Uint8Array[], wiped: [] as Uint8Array[] }));
vi.mock('@jolly/contracts/values', async (original) => {
  const values = await original<typeof import('@jolly/contracts/values')>();
  return {
    ...values,
    secretBytes: (length: number) => {
      const bytes = values.secretBytes(length);
      seen.made.push(bytes);
      return bytes;
    },
    wipe: (...buffers: readonly (Uint8Array | undefined)[]) => {
      for (const buffer of buffers) if (buffer) seen.wiped.push(Uint8Array.from(buffer));
      values.wipe(...buffers);
    },
  };
});

const context: LoginContext = {
  tenantId: 'comune-di-prova',
  terminalId: 'totem-1',
  sessionId: '6f2b8f0e-4d0f-4d0f-8d0f-0123456789ab',
  nonce: 'A'.repeat(43),
  at: 1_795_000_000_000,
};

let cards: Cards;
beforeAll(async () => {
  cards = await createCards();
});
beforeEach(() => {
  seen.made.length = 0;
  seen.wiped.length = 0;
});

function digits(text: string): SecretDigits {
  const secret = new SecretDigits(8);
  for (const digit of text) secret.push(Number(digit));
  return secret;
}
const holds = (buffers: readonly Uint8Array[], secret: Uint8Array | string) =>
  buffers.some((buffer) => Buffer.from(buffer).includes(Buffer.from(secret)));
const isBlank = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

/** A card on the reader that is taken away at a command, if at all. */
function laid(card: EmulatedCard, takenAt = 0) {
  card.pin.refill();
  card.power(true);
  let count = 0;
  return {
    count: () => count,
    transmit: async (apdu: Uint8Array) => {
      count += 1;
      if (count === takenAt) throw new Error('removed');
      return Uint8Array.from(card.answer(Uint8Array.from(apdu)));
    },
  };
}

describe('of an act with a CIE nothing secret stays', () => {
  const acts = {
    'a login': (card: ReturnType<typeof laid>, options: CieOptions) =>
      signInWithCie(card, digits('27182818'), context, options),
    'a wrong PIN': (card: ReturnType<typeof laid>, options: CieOptions) =>
      signInWithCie(card, digits('14142135'), context, options),
    'a new PIN': (card: ReturnType<typeof laid>, options: CieOptions) =>
      changeCiePin(card, digits('27182818'), digits('16180339'), options),
    'an unblocking': (card: ReturnType<typeof laid>, options: CieOptions) =>
      unblockCiePin(card, digits('31415926'), digits('16180339'), options),
  };
  const SECRETS = ['27182818', '14142135', '16180339', '31415926'];

  /** The act, to its end or until the card is taken at that command; then what is left of it is looked at. */
  async function nothingStays(act: keyof typeof acts, takenAt = 0) {
    seen.made.length = 0;
    seen.wiped.length = 0;
    const filled: Uint8Array[] = [];
    const fill = (into: Uint8Array) => {
      systemFill(into);
      filled.push(into);
    };
    const giulia = await cards.card('giulia');
    giulia.pin.set(Buffer.from('27182818'));
    const card = laid(giulia, takenAt);
    await acts[act](card, { anchors: undefined, at: Date.now(), fill }).catch(() => undefined);
    // The first random number of an act is its Diffie-Hellman exponent.
    if (filled[0]) expect(isBlank(filled[0])).toBe(true);
    // The shared secret is known by the keys made of it; all three were wiped, and no copy of the keys is left.
    const made = [...seen.made];
    const wiped = [...seen.wiped];
    const shared = wiped.filter((one) => one.length >= 128 && holds(wiped, iasKdf(one, 1)));
    const keys = shared.flatMap((one) => [iasKdf(one, 1), iasKdf(one, 2)]);
    for (const key of keys) {
      expect(holds(wiped, key)).toBe(true);
      expect(holds(made, key.subarray(0, 8))).toBe(false);
      expect(holds(made, key.subarray(8))).toBe(false);
    }
    for (const secret of SECRETS) expect(holds(made, secret)).toBe(false);
    return { count: card.count(), exchanges: shared.length };
  }

  it.each(Object.keys(acts) as (keyof typeof acts)[])('that ended: %s', async (act) => {
    expect((await nothingStays(act)).exchanges).toBe(1);
  });

  it('whose card was taken at any command', async () => {
    for (const act of ['a login', 'a new PIN'] as const) {
      const { count } = await nothingStays(act);
      let exchanges = 0;
      for (let at = 1; at <= count; at += 1) exchanges += (await nothingStays(act, at)).exchanges;
      expect(exchanges).toBeGreaterThan(10);
    }
  });
});

describe('of secure messaging nothing secret stays', () => {
  const keys: SessionKeys = {
    cipher: 'AES',
    encryption: Uint8Array.from(Buffer.from('encryption key 1')),
    mac: Uint8Array.from(Buffer.from('key for the MACs')),
    ssc: Uint8Array.from(Buffer.from('a first counter!')),
  };
  const next = {
    encryption: Uint8Array.from(Buffer.from('encryption key 2')),
    mac: Uint8Array.from(Buffer.from('2nd key for MACs')),
  };
  const PLAIN = 'plain text with a secret';
  const command = { cla: 0, ins: 0x20, p1: 0, p2: 0, data: Buffer.from(PLAIN) };
  const left = () =>
    [keys, next].flatMap(({ encryption, mac }) => [encryption, mac]).map((key) => holds(seen.made, key));

  it('after a rekey of the keys before, after its end of any', async () => {
    const channel = secureChannel({ send: () => Promise.reject(new Error('removed')) }, keys);
    expect(left()).toEqual([true, true, false, false]);
    channel.rekey(next);
    expect(left()).toEqual([false, false, true, true]);
    channel.wipe();
    expect(left()).toEqual([false, false, false, false]);
  });

  it('after a command but its keys, and after one that broke not even those', async () => {
    let sent = 0;
    const channel = secureChannel(
      {
        send: () => {
          sent += 1;
          expect(left()).toEqual([true, true, false, false]);
          expect(holds(seen.wiped, PLAIN)).toBe(true);
          expect(holds(seen.made, PLAIN)).toBe(false);
          return Promise.resolve({ data: new Uint8Array(0), sw: 0x6988 });
        },
      },
      keys,
    );
    await expect(channel.send(command)).rejects.toMatchObject({ code: 'CARD_CHANNEL_BROKEN' });
    expect(sent).toBe(1);
    expect(left()).toEqual([false, false, false, false]);
  });
});

describe('of a PIN for a health card nothing stays', () => {
  it.each(['24680', '13579'])('be it right or wrong (%s)', async (pin) => {
    const card = laid(await cards.card('lucia'));
    const sent: Uint8Array[] = [];
    const channel = exchange({
      transmit: (apdu) => {
        sent.push(apdu);
        if (apdu[1] === 0x20) expect(holds([apdu], pin)).toBe(true);
        return card.transmit(apdu);
      },
    });
    await signInWithCns(channel, digits(pin), context).catch(() => undefined);
    expect(sent.some((apdu) => isBlank(apdu))).toBe(true);
    expect(holds(sent, pin)).toBe(false);
    expect(holds(seen.wiped, pin)).toBe(true);
    expect(holds(seen.made, pin)).toBe(false);
  });
});

describe('of what goes to a reader and comes back nothing stays', () => {
  const VERIFY = Buffer.from([0, 0x20, 0, 0x10, 8, ...Buffer.from('12345678')]);
  const ANSWER = Buffer.from('something personal');
  const until = async (is: () => boolean) => {
    for (const end = performance.now() + 5_000; !is(); ) {
      if (performance.now() > end) throw new Error('it never came so far');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const freePort = () =>
    new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(port));
      });
    });
  const blankOfBoth = () => !holds(seen.made, '12345678') && !holds(seen.made, ANSWER);

  it('over PC/SC', async () => {
    const written: Uint8Array[] = [];
    const given: Buffer[] = [];
    const channel: Duplex = new Duplex({
      read: () => undefined,
      write(frame: Buffer, _encoding, done) {
        expect(holds([frame], '12345678')).toBe(true);
        written.push(frame);
        // The same number, as an answer (`messages-codec.ts`).
        const body = encodeReport({ kind: 'answer', number: 1, bytes: ANSWER });
        const answer = Buffer.from(Uint8Array.from(body).buffer);
        given.push(answer);
        done();
        channel.push(answer);
      },
    });
    const worker = { pid: 1, channel, kill: () => undefined, onExit: () => undefined };
    const life = new PcscProcess(() => worker, { report: () => undefined, over: () => undefined });
    const answer = await life.transmit(VERIFY);
    expect(Buffer.from(answer).toString()).toBe(ANSWER.toString());
    await until(() => !holds(written, '12345678') && !holds(given, ANSWER));
    expect(holds(seen.made, '12345678')).toBe(false);
  });

  it('over a virtual slot', async () => {
    const port = await freePort();
    const stack = new VirtualReaderStack('vpcd+tcp://x', '127.0.0.1', [port], systemClock);
    stack.start({ slots: () => undefined, trouble: () => undefined });
    const card = await layFakeCard({ port, answer: () => Buffer.from([...ANSWER, 0x90, 0x00]) });
    try {
      await until(() => stack.slots[0]?.state === 'card');
      await stack.withCard(stack.slots[0]?.insertion ?? 0, async (inHand) => {
        const answer = await inHand.transmit(VERIFY);
        expect(holds([answer], ANSWER)).toBe(true);
        answer.fill(0);
      });
      await until(blankOfBoth);
      expect(holds(seen.wiped, VERIFY)).toBe(true);
    } finally {
      card.take();
      await stack.close();
    }
  });
});
