import { secretBytes } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CardChannel, type Command, writeTlv } from '../apdu/index.ts';
import { systemFill } from '../crypto/index.ts';
import { runBac } from './bac.ts';
import { curveById } from './curves.ts';
import { curveGroup } from './key-agreement.ts';
import { choosePace, type PaceChoice, runPace } from './pace.ts';
import type { PaceInfo, SecurityInfo } from './security-info-codec.ts';

const info = (over: Partial<PaceInfo>): SecurityInfo => ({
  kind: 'pace',
  oid: Uint8Array.of(4, 0, 0x7f, 0, 7, 2, 2, 4, 2, 2),
  agreement: 'ecdh',
  mapping: 'generic',
  cipher: 'AES-128',
  version: 2,
  parameterId: 13,
  ...over,
});
const EC_AES = info({});
const EC_DES = info({ cipher: '3DES', parameterId: 12 });
const DH_AES = info({ agreement: 'dh', parameterId: 1 });
const DH_DES = info({ agreement: 'dh', cipher: '3DES', parameterId: 2 });

function choice(...infos: readonly SecurityInfo[]): PaceChoice {
  const found = choosePace(infos);
  if (!found) throw new Error('nothing usable');
  return found;
}

const PASSWORD = { kind: 'can', key: () => secretBytes(6).fill(0x31) } as const;

/** A card whose answers come from a function of the command's place. */
function answering(answer: (command: Command, at: number) => { data: Uint8Array; sw: number }) {
  const seen: Command[] = [];
  const channel: CardChannel = {
    send: async (command) => {
      seen.push({ ...command, ...(command.data && { data: Uint8Array.from(command.data) }) });
      return answer(command, seen.length);
    },
  };
  return { channel, seen };
}
const sw = (status: number) => ({ data: new Uint8Array(0), sw: status });
const objects = (tag: number, value: Uint8Array) => ({
  data: writeTlv(0x7c, writeTlv(tag, value)),
  sw: 0x9000,
});

/** Keeps to the protocol up to the last step, with no idea of the password. */
function untilToken(last: { data: Uint8Array; sw: number }, select: (at: number) => number = () => 0x9000) {
  const curve = curveById(13);
  if (!curve) throw new Error('no curve');
  let rounds = 0;
  return answering((command, at) => {
    if (command.ins === 0x22) return sw(select(at));
    rounds += 1;
    if (rounds === 1) return objects(0x80, new Uint8Array(16).fill(7));
    if (rounds === 2) return objects(0x82, curveGroup(curve).generate(systemFill).publicKey);
    if (rounds === 3) return objects(0x84, curveGroup(curve).generate(systemFill).publicKey);
    return last;
  });
}
const codeOf = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe('the choice among what a chip offers', () => {
  test('curves before integers, AES before 3DES, then as listed', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([EC_AES, EC_DES, DH_AES, DH_DES], { minLength: 1 }), (offers) => {
        const best = [EC_AES, EC_DES, DH_AES, DH_DES].find((one) => offers.includes(one));
        expect(choice(...offers).info).toBe(best);
      }),
    );
    const larger = info({ cipher: 'AES-256', parameterId: 16 });
    expect(choice(larger, EC_AES).info).toBe(larger);
  });

  test('nothing usable is no choice', () => {
    expect(choosePace([])).toBeUndefined();
    for (const over of [
      { version: 1 },
      { mapping: 'integrated' },
      { mapping: 'chip-authentication' },
      { parameterId: undefined },
      { parameterId: 8 },
      { parameterId: 2 },
      { parameterId: 99 },
      { agreement: 'dh' },
    ] as const) {
      expect(choosePace([info(over)]), JSON.stringify(over)).toBeUndefined();
    }
  });

  test('several parameter sets have to be told apart', () => {
    expect(choice(EC_AES).ambiguous).toBe(false);
    expect(choice(EC_AES, info({ cipher: 'AES-256' })).ambiguous).toBe(false);
    expect(choice(EC_AES, DH_DES).ambiguous).toBe(true);
  });
});

describe('the password step', () => {
  const last = (command: Command | undefined) => command?.data?.slice(-3);

  test('names the parameters where there are several', async () => {
    const { channel, seen } = untilToken(sw(0x6300));
    await codeOf(runPace(channel, choice(EC_AES, DH_DES), PASSWORD, systemFill));
    expect(last(seen[0])).toEqual(Uint8Array.of(0x84, 1, 13));
  });

  test.each([0x6a80, 0x6a86, 0x6a88, 0x6b00])('names them on %i, once', async (status) => {
    const kind = untilToken(sw(0x6300), (at) => (at === 1 ? status : 0x9000));
    expect(await codeOf(runPace(kind.channel, choice(EC_AES), PASSWORD, systemFill))).toBe('CAN_WRONG');
    expect(last(kind.seen[0])).toEqual(Uint8Array.of(0x83, 1, 2));
    expect(last(kind.seen[1])).toEqual(Uint8Array.of(0x84, 1, 13));
    const stubborn = untilToken(sw(0x6300), () => status);
    expect(await codeOf(runPace(stubborn.channel, choice(EC_AES), PASSWORD, systemFill))).toBe(
      'CARD_REFUSED',
    );
    expect(stubborn.seen.length).toBe(2);
  });

  test('a warning about tries is none for a CAN', async () => {
    const { channel, seen } = untilToken(sw(0x6300), () => 0x63c1);
    expect(await codeOf(runPace(channel, choice(EC_AES), PASSWORD, systemFill))).toBe('CAN_WRONG');
    expect(seen.filter(({ ins }) => ins === 0x22).length).toBe(1);
  });
});

describe('the last step', () => {
  test.each([0x6300, 0x63c2, 0x63c0, 0x6982, 0x6a80])(
    '%i is a wrong CAN, never tried again',
    async (status) => {
      const { channel, seen } = untilToken(sw(status));
      expect(await codeOf(runPace(channel, choice(EC_AES), PASSWORD, systemFill))).toBe('CAN_WRONG');
      expect(seen.length).toBe(5);
      expect(seen.map(({ cla }) => cla)).toEqual([0x00, 0x10, 0x10, 0x10, 0x00]);
    },
  );

  test('a wrong token of the chip is no channel', async () => {
    for (const token of [new Uint8Array(8), new Uint8Array(7), new Uint8Array(0)]) {
      const { channel } = untilToken(objects(0x86, token));
      expect(await codeOf(runPace(channel, choice(EC_AES), PASSWORD, systemFill))).toBe(
        'CARD_ANSWER_INVALID',
      );
    }
  });

  test('other words are a refusal', async () => {
    for (const status of [0x6983, 0x6985, 0x6f00]) {
      const { channel } = untilToken(sw(status));
      expect(await codeOf(runPace(channel, choice(EC_AES), PASSWORD, systemFill))).toBe('CARD_REFUSED');
    }
  });
});

describe('exponents', () => {
  test('are gone whatever the end', async () => {
    for (const last of [sw(0x6300), objects(0x86, new Uint8Array(8))]) {
      const drawn: Uint8Array[] = [];
      const { channel } = untilToken(last);
      await codeOf(
        runPace(channel, choice(EC_AES), PASSWORD, (into) => {
          systemFill(into);
          drawn.push(into);
        }),
      );
      expect(drawn.length).toBeGreaterThanOrEqual(2);
      for (const secret of drawn) expect(secret.every((byte) => byte === 0)).toBe(true);
    }
  });
});

describe('any answers at all', () => {
  const statuses = fc.oneof(fc.constantFrom(0x9000, 0x6300, 0x6a80), fc.integer({ min: 0, max: 0xffff }));
  const inner = fc
    .tuple(fc.constantFrom(0x80, 0x82, 0x84, 0x86, 0x87), fc.uint8Array({ maxLength: 70 }))
    .map(([tag, value]) => writeTlv(0x7c, writeTlv(tag, value)));
  const answers = fc.array(
    fc.record({ data: fc.oneof(fc.uint8Array({ maxLength: 80 }), inner), sw: statuses }),
    { minLength: 1, maxLength: 6 },
  );

  test('end PACE and BAC with a named error, in a handful of commands', async () => {
    const information = secretBytes(24).fill(0x30);
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        const { channel, seen } = answering((_, at) => given[(at - 1) % given.length] ?? sw(0x6f00));
        const pace = await codeOf(runPace(channel, choice(EC_AES), PASSWORD, systemFill));
        expect(pace).toMatch(/^CARD_|^CAN_WRONG$/);
        expect(seen.length).toBeLessThanOrEqual(6);
        const bac = await codeOf(runBac(channel, information, systemFill));
        expect(bac).toMatch(/^CARD_|^CAN_WRONG$/);
        expect(seen.length).toBeLessThanOrEqual(8);
      }),
      { numRuns: 200 },
    );
  });
});
