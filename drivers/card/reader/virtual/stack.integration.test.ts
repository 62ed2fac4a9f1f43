import { createServer } from 'node:net';
import { type Clock, systemClock } from '@jolly/contracts/values';
import { afterEach, describe, expect, it } from 'vitest';
import { FAKE_ATR, frame, layFakeCard, OK } from '../../../../tests/pcsc/fake-card.ts';
import { parseDeviceUri } from '../../../registry/index.ts';
import { openReaderStack, type ReaderStack, type Slot } from '../index.ts';

const COMMAND = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00);
/** Seconds of the driver's limits pass in hundredths. */
const hasty: Clock = { ...systemClock, after: (ms, task) => systemClock.after(ms / 100, task) };

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function reader(options: { slots?: number; clock?: Clock } = {}) {
  // Slots are listed by name.
  const ports = (await Promise.all(Array.from({ length: options.slots ?? 1 }, freePort))).sort((a, b) =>
    String(a) < String(b) ? -1 : 1,
  );
  const uri = `vpcd+tcp://127.0.0.1:${ports[0]}${ports[1] ? `?also=${ports[1]}` : ''}`;
  const stack = openReaderStack(parseDeviceUri(uri), {
    clock: options.clock ?? systemClock,
    log: () => undefined,
  });
  const history: (readonly Slot[])[] = [];
  const troubles: (string | undefined)[] = [];
  stack.start({ slots: (slots) => history.push(slots), trouble: (reason) => troubles.push(reason) });
  closers.push(() => stack.close());
  await until(() => stack.slots.length === ports.length);
  const lay = async (card: Omit<Parameters<typeof layFakeCard>[0], 'port'> = {}, slot = 0) => {
    const laid = await layFakeCard({ ...card, port: ports[slot] as number });
    closers.push(() => laid.take());
    return laid;
  };
  return { stack, ports, history, troubles, lay };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came so far');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function cardOn(stack: ReaderStack, slot = 0, than = 0): Promise<number> {
  await until(() => stack.slots[slot]?.state === 'card' && (stack.slots[slot] as Slot).insertion > than);
  return (stack.slots[slot] as Slot).insertion;
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('a card on the virtual slot', () => {
  it('is shown with its ATR, answers commands and is reset at the end', async () => {
    const { stack, lay } = await reader();
    const card = await lay({ answer: (apdu) => Uint8Array.of(...apdu, ...OK) });
    const insertion = await cardOn(stack);
    expect(stack.slots[0]?.atr).toEqual(FAKE_ATR);
    const answer = await stack.withCard(insertion, (inHand) => inHand.transmit(COMMAND));
    expect(answer).toEqual(Uint8Array.of(...COMMAND, ...OK));
    await until(() => card.controls.at(-1) === 2);
    expect(card.controls).toEqual([1, 4, 1, 4, 2]);
  });

  it.each([97, 611, 4_999, 5_003])('takes answers in pieces of %i bytes', async (fragment) => {
    const long = new Uint8Array(5_000).fill(0x5a);
    const { stack, lay } = await reader();
    await lay({ fragment, answer: () => Uint8Array.of(...long, ...OK) });
    const insertion = await cardOn(stack);
    const answers = await stack.withCard(insertion, async (card) => [
      await card.transmit(COMMAND),
      await card.transmit(COMMAND),
    ]);
    expect(answers.map(({ length }) => length)).toEqual([5_002, 5_002]);
  });

  it('over T=0 gets no Le behind data, as that protocol wants', async () => {
    const { stack, lay } = await reader();
    const card = await lay({
      atr: Uint8Array.from(Buffer.from('3b1f11006b11050700012101434e53113180', 'hex')),
    });
    const both = Uint8Array.of(0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00, 0x00);
    const only = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, 0x10);
    await stack.withCard(await cardOn(stack), async (inHand) => {
      expect(inHand.protocol).toBe('T=0');
      await inHand.transmit(both);
      await inHand.transmit(only);
    });
    expect(card.apdus).toEqual([both.slice(0, -1), only]);
  });

  it('is reset even when the act on it failed', async () => {
    const { stack, lay } = await reader();
    const card = await lay();
    const insertion = await cardOn(stack);
    const act = stack.withCard(insertion, async (inHand) => {
      await inHand.transmit(COMMAND);
      throw new Error('the act broke');
    });
    await expect(act).rejects.toThrow('the act broke');
    await until(() => card.controls.at(-1) === 2);
  });

  it('serves one act at a time', async () => {
    const { stack, lay } = await reader();
    await lay();
    const insertion = await cardOn(stack);
    const order: string[] = [];
    const act = (name: string) =>
      stack.withCard(insertion, async (card) => {
        order.push(`${name} begins`);
        await card.transmit(COMMAND);
        order.push(`${name} ends`);
      });
    await Promise.all([act('a'), act('b')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('refuses every further command of an act that is over', async () => {
    const { stack, lay } = await reader();
    const card = await lay();
    const kept = await stack.withCard(await cardOn(stack), (inHand) => Promise.resolve(inHand));
    await expect(kept.transmit(COMMAND)).rejects.toThrow(code('CARD_RESET'));
    expect(card.apdus).toHaveLength(0);
  });
});

describe('a card that moves', () => {
  it('ends the command under way at once when it is taken', async () => {
    const { stack, lay } = await reader();
    const card = await lay({
      answer: () => {
        setTimeout(() => void card.take(), 5);
        return undefined;
      },
    });
    const insertion = await cardOn(stack);
    const began = performance.now();
    const act = stack.withCard(insertion, async (inHand) => {
      await expect(inHand.transmit(COMMAND)).rejects.toThrow(code('CARD_REMOVED'));
      return inHand.transmit(COMMAND);
    });
    await expect(act).rejects.toThrow(code('CARD_REMOVED'));
    expect(performance.now() - began).toBeLessThan(500);
    expect(stack.slots[0]?.state).toBe('card');
    await until(() => stack.slots[0]?.state === 'empty');
    expect(performance.now() - began).toBeGreaterThan(700);
  });

  it('is never seen to leave when it is back soon, but it is another insertion', async () => {
    const { stack, lay, history } = await reader();
    const first = await lay();
    const before = await cardOn(stack);
    await first.take();
    await lay();
    const after = await cardOn(stack, 0, before);
    expect(after).toBeGreaterThan(before);
    expect(history.slice(1).map((slots) => slots[0]?.state)).toEqual(['card', 'card']);
    await expect(stack.withCard(before, () => Promise.resolve())).rejects.toThrow(code('CARD_REMOVED'));
    await stack.withCard(after, () => Promise.resolve());
  });

  it('lies alone on its slot, beside another on the other', async () => {
    const { stack, lay, ports } = await reader({ slots: 2 });
    const answering = (byte: number) => ({ answer: () => Uint8Array.of(byte, ...OK) });
    await lay(answering(1), 0);
    await lay(answering(2), 1);
    const numbers = [await cardOn(stack, 0), await cardOn(stack, 1)];
    expect(new Set(numbers).size).toBe(2);
    const intruder = await layFakeCard({ port: ports[0] as number });
    await intruder.taken;
    for (const at of [0, 1]) {
      const answer = await stack.withCard(numbers[at] as number, (card) => card.transmit(COMMAND));
      expect(answer[0]).toBe(at + 1);
    }
    expect(stack.counters).toMatchObject({ refused: 1, transactions: 2, apdus: 2, insertions: 2 });
  });
});

describe('nonsense on the virtual slot', () => {
  it('is a mute card when nothing answers the reset', async () => {
    const { stack, lay } = await reader({ clock: hasty });
    await lay({ onFrame: () => undefined });
    await until(() => stack.slots[0]?.state === 'mute');
    const { insertion } = stack.slots[0] as Slot;
    await expect(stack.withCard(insertion, () => Promise.resolve())).rejects.toThrow(code('CARD_MUTE'));
  });

  it.each([
    ['an empty ATR', Uint8Array.of(0, 0)],
    ['an ATR of one byte', Uint8Array.of(0, 1, 0x3b)],
    ['something else than an ATR', frame(Uint8Array.of(1, 2, 3))],
    ['an ATR too long', frame(new Uint8Array(40).fill(0x3b))],
    ['half a frame', Uint8Array.of(0, 20, 0x3b)],
  ])('is a mute card for %s', async (_, bytes) => {
    const { stack, lay } = await reader({ clock: hasty });
    await lay({ onFrame: (body, socket) => void (body[0] === 4 && socket.write(bytes)) });
    await until(() => stack.slots[0]?.state === 'mute');
  });

  it.each([
    ['an empty frame', Uint8Array.of(0, 0), 'CARD_MUTE'],
    ['an answer of one byte', Uint8Array.of(0, 1, 0x90), 'CARD_MUTE'],
    ['two answers', Uint8Array.of(0, 2, 0x90, 0, 0, 2, 0x90, 0), 'CARD_MUTE'],
    ['a length that lies', Uint8Array.of(0xff, 0xff, 0x90, 0x00), 'CARD_SLOW'],
    ['silence', new Uint8Array(0), 'CARD_SLOW'],
  ])('ends a command by name: %s', async (_, bytes, name) => {
    const { stack, lay } = await reader({ clock: hasty });
    await lay({
      onFrame: (body, socket) => {
        if (body.length > 1) socket.write(bytes);
        else if (body[0] === 4) socket.write(frame(FAKE_ATR));
      },
    });
    const act = stack.withCard(await cardOn(stack), (card) => card.transmit(COMMAND));
    await expect(act).rejects.toThrow(code(name));
    if (bytes.length === 8) await until(() => stack.slots[0]?.state === 'mute');
  });

  it('a late answer is not taken for that of the next act', async () => {
    const { stack, lay } = await reader({ clock: hasty });
    await lay({
      answer: async (_apdu, at) => {
        if (at === 1) await new Promise((resolve) => setTimeout(resolve, 110));
        return Uint8Array.of(at, ...OK);
      },
    });
    const insertion = await cardOn(stack);
    const act = () => stack.withCard(insertion, (card) => card.transmit(COMMAND));
    await expect(act()).rejects.toThrow(code('CARD_SLOW'));
    expect((await act())[0]).toBe(2);
  });

  it('throws a flood away and cuts the line', async () => {
    const { stack, lay } = await reader();
    const card = await lay();
    await cardOn(stack);
    const before = process.memoryUsage().arrayBuffers;
    const flood = new Uint8Array(256 * 1024).fill(0xff);
    const pour = () => {
      if (!card.socket.destroyed) card.socket.write(flood, () => setImmediate(pour));
    };
    pour();
    await card.taken;
    await until(() => stack.slots[0]?.state === 'empty');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
    expect(stack.counters.nonsense).toBe(1);
  });

  it('ends an act without end', async () => {
    const { stack, lay } = await reader({ clock: hasty });
    await lay();
    const insertion = await cardOn(stack);
    const act = stack.withCard(insertion, () => new Promise(() => undefined));
    await expect(act).rejects.toThrow(code('CARD_SLOW'));
    await stack.withCard(insertion, (card) => card.transmit(COMMAND));
  });
});

describe('the virtual slot itself', () => {
  it('says that its port is taken, and listens once it is free', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port));
    });
    const stack = openReaderStack(parseDeviceUri(`vpcd+tcp://127.0.0.1:${port}`), {
      clock: hasty,
      log: () => undefined,
    });
    closers.push(() => stack.close());
    const troubles: (string | undefined)[] = [];
    stack.start({ slots: () => undefined, trouble: (reason) => troubles.push(reason) });
    await until(() => troubles.at(-1) === 'port-in-use');
    blocker.close();
    await until(() => troubles.at(-1) === undefined);
    expect(stack.slots).toHaveLength(1);
  });

  it.each([
    'vpcd+tcp://0.0.0.0:4000',
    'vpcd+tcp://192.168.1.2:4000',
    'vpcd+tcp://localhost:4000',
    'vpcd+tcp://127.0.0.1:4000?also=4000',
    'vpcd+tcp://127.0.0.1:4000?also=x',
    'vpcd+tcp://127.0.0.1:4000?open=1',
    'ecr17+tcp://127.0.0.1:4000',
  ])('is never opened as %s', (uri) => {
    const open = () => openReaderStack(parseDeviceUri(uri), { clock: systemClock, log: () => undefined });
    expect(open).toThrow(code('DEVICE_URI_INVALID'));
  });

  it('ends the act under way when it is closed, and says no more', async () => {
    const { stack, lay, history } = await reader();
    await lay({ answer: () => undefined });
    const act = stack.withCard(await cardOn(stack), (card) => card.transmit(COMMAND));
    const refused = expect(act).rejects.toThrow(code('READER_LOST'));
    await stack.close();
    await refused;
    const told = history.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(history).toHaveLength(told);
  });
});
