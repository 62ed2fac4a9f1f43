import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { type Clock, systemClock } from '@jolly/contracts/values';
import { afterEach, describe, expect, it } from 'vitest';
import { FrameReader } from '../frames-codec.ts';
import type { Slot } from '../port.ts';
import { pcscFailure } from './failures.ts';
import { type LaunchWorker, launchWorker } from './index.ts';
import { decodeOrder, encodeReport, LONGEST_MESSAGE, type Order, type Report } from './messages-codec.ts';
import { PcscReaderStack } from './stack.ts';

const COMMAND = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);
const ATR = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const hasty: Clock = { ...systemClock, after: (ms, task) => systemClock.after(ms / 50, task) };
const code = (name: string) => expect.objectContaining({ code: name });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 8_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it never came so far');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A PC/SC process made of a function; it is "killed" when its channel is. */
function fakeLauncher(
  begin: (say: (said: Report | Uint8Array) => void, life: number) => (order: Order) => void,
) {
  const orders: Order[] = [];
  let lives = 0;
  const launch: LaunchWorker = () => {
    lives += 1;
    const frames = new FrameReader(4, LONGEST_MESSAGE);
    const exits: (() => void)[] = [];
    let obey: ((order: Order) => void) | undefined;
    const channel = new Duplex({
      read: () => undefined,
      write: (chunk: Uint8Array, _, done) => {
        frames.push(chunk, (body) => {
          const order = decodeOrder(body);
          if (!order) throw new Error('no order');
          orders.push(order);
          obey?.(order);
        });
        done();
      },
    });
    const kill = () => {
      if (!channel.destroyed) channel.destroy();
      for (const exit of exits.splice(0)) exit();
    };
    const say = (said: Report | Uint8Array) => {
      if (!channel.destroyed)
        channel.push(said instanceof Uint8Array ? Buffer.from(said) : Buffer.from(encodeReport(said)));
    };
    const life = lives;
    setImmediate(() => {
      obey = begin(say, life);
    });
    return {
      pid: undefined,
      channel,
      kill: () => setImmediate(kill),
      onExit: (listener) => void exits.push(listener),
    };
  };
  return { launch, orders, lives: () => lives };
}

const laid = (name = 'Reader 00 00', moves = 1): Report => ({
  kind: 'readers',
  readers: [{ name, state: 'card', moves, atr: ATR }],
});

function start(launch: LaunchWorker, part = '', clock: Clock = hasty) {
  const stack = new PcscReaderStack('pcsc:', part, clock, launch);
  const troubles: (string | undefined)[] = [];
  const history: (readonly Slot[])[] = [];
  stack.start({ slots: (slots) => history.push(slots), trouble: (reason) => troubles.push(reason) });
  closers.push(() => stack.close());
  return { stack, troubles, history };
}

const obliging = (say: (said: Report) => void) => (order: Order) => {
  const { number } = order;
  if (order.kind === 'open') say({ kind: 'opened', number, protocol: 'T=1' });
  else if (order.kind === 'release') say({ kind: 'released', number });
  else say({ kind: 'answer', number, bytes: Uint8Array.of(0x90, 0x00) });
};

describe('the process with the native stack', () => {
  it('opens, transmits and releases in that order', async () => {
    const { launch, orders } = fakeLauncher((say) => {
      say(laid());
      return obliging(say);
    });
    const { stack } = start(launch);
    await until(() => stack.slots[0]?.state === 'card');
    const act = stack.withCard(1, (card) => card.transmit(COMMAND));
    expect(await act).toEqual(Uint8Array.of(0x90, 0x00));
    expect(orders.map(({ kind }) => kind)).toEqual(['open', 'transmit', 'release']);
  });

  it.each([
    ['garbage', Uint8Array.of(0, 0, 0, 3, 9, 9, 9)],
    ['an empty frame', new Uint8Array(4)],
    ['a length that lies', Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0)],
  ])('is started again when it says %s', async (_, bytes) => {
    const { launch, lives } = fakeLauncher((say, life) => {
      say(life === 1 ? bytes : laid());
      return obliging(say);
    });
    const { stack } = start(launch);
    await until(() => stack.slots[0]?.state === 'card');
    expect(lives()).toBe(2);
  });

  it('that dies again and again is trouble, and no busy loop', async () => {
    const { launch, lives } = fakeLauncher((say) => {
      say(new Uint8Array(4));
      return () => undefined;
    });
    const { stack, troubles } = start(launch);
    await until(() => troubles.at(-1) === 'stack-crashed');
    expect(stack.slots).toEqual([]);
    expect(lives()).toBeLessThan(12);
  });

  it('that hangs in a command is ended in time, and the card is another insertion in the next life', async () => {
    const { launch, orders } = fakeLauncher((say, life) => {
      say(laid());
      const obey = obliging(say);
      return (order) => {
        if (life > 1 || order.kind === 'open') obey(order);
      };
    });
    const { stack, history } = start(launch);
    await until(() => stack.slots[0]?.state === 'card');
    await expect(stack.withCard(1, (card) => card.transmit(COMMAND))).rejects.toThrow(code('CARD_SLOW'));
    await until(() => stack.slots[0]?.insertion === 2);
    await stack.withCard(2, (card) => card.transmit(COMMAND));
    expect(orders.at(-1)?.kind).toBe('release');
    expect(history.every((slots) => slots.length === 1)).toBe(true);
  });

  it('that hangs while it opens means that another program holds the card', async () => {
    const { launch, lives } = fakeLauncher((say) => {
      say(laid());
      return () => undefined;
    });
    const { stack } = start(launch);
    await until(() => stack.slots[0]?.state === 'card');
    await expect(stack.withCard(1, () => Promise.resolve())).rejects.toThrow(code('CARD_BUSY'));
    await until(() => lives() === 2);
  });

  it('that says of a removal mid-command ends that command at once', async () => {
    const { launch } = fakeLauncher((say) => {
      say(laid());
      const obey = obliging(say);
      return (order) => {
        if (order.kind !== 'transmit') obey(order);
        else
          say({
            kind: 'readers',
            readers: [{ name: 'Reader 00 00', state: 'empty', moves: 2, atr: new Uint8Array(0) }],
          });
      };
    });
    const { stack } = start(launch, '', systemClock);
    await until(() => stack.slots[0]?.state === 'card');
    const began = performance.now();
    await expect(stack.withCard(1, (card) => card.transmit(COMMAND))).rejects.toThrow(code('CARD_REMOVED'));
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('that cannot read the ATR for a while ends nothing: no card moved', async () => {
    const { launch } = fakeLauncher((say) => {
      say(laid());
      const obey = obliging(say);
      return (order) => {
        if (order.kind === 'transmit')
          for (const atr of [new Uint8Array(0), ATR])
            say({ kind: 'readers', readers: [{ name: 'Reader 00 00', state: 'card', moves: 1, atr }] });
        obey(order);
      };
    });
    const { stack } = start(launch);
    await until(() => stack.slots[0]?.state === 'card');
    for (let act = 0; act < 2; act += 1) {
      expect(await stack.withCard(1, (card) => card.transmit(COMMAND))).toEqual(Uint8Array.of(0x90, 0x00));
    }
    expect(stack.counters.insertions).toBe(1);
  });

  it('tells of readers by name part, and a name may change its index', async () => {
    const { launch } = fakeLauncher((say) => {
      say(laid('ACS ACR1252 Dual 00 00'));
      setTimeout(() => say(laid('ACS ACR1252 Dual 01 00', 7)), 10);
      setTimeout(() => say(laid('Other 00 00', 7)), 20);
      return () => undefined;
    });
    const { stack, troubles } = start(launch, 'acr1252');
    await until(() => stack.slots[0]?.name === 'ACS ACR1252 Dual 01 00');
    expect(stack.slots).toHaveLength(1);
    await until(() => troubles.at(-1) === 'no-readers');
  });
});

describe('the words of PC/SC', () => {
  it.each([
    ['RemovedCard', 'CARD_REMOVED'],
    ['NoSmartCard', 'CARD_REMOVED'],
    ['NotTransacted', 'CARD_REMOVED'],
    ['ResetCard', 'CARD_RESET'],
    ['UnpoweredCard', 'CARD_RESET'],
    ['UnresponsiveCard', 'CARD_MUTE'],
    ['SharingViolation', 'CARD_BUSY'],
    ['Timeout', 'CARD_SLOW'],
    ['ReaderUnavailable', 'READER_LOST'],
    ['NoReadersAvailable', 'READER_LOST'],
    ['ServiceStopped', 'READER_LOST'],
    ['NoService', 'READER_LOST'],
    ['InvalidHandle', 'READER_LOST'],
    ['anything-else', 'READER_LOST'],
  ])('%s is %s', (word, name) => {
    expect(pcscFailure(word)).toEqual(code(name));
  });
});

describe('the real process', () => {
  it('says that there is no service, or readers, and ends with its parent', async () => {
    const script = `
      import { launchWorker } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const worker = launchWorker();
      worker.channel.once('data', () => console.log(worker.pid));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PCSCLITE_CSOCK_NAME: '/nonexistent/pcscd.comm' },
    });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())));
    });
    const alive = () => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    expect(alive()).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !alive());
  });

  it('is closed with its stack', async () => {
    const { stack, troubles } = start(launchWorker, 'no reader has this name', systemClock);
    await until(() => troubles.length > 0);
    expect(['no-service', 'no-readers', 'stack-missing']).toContain(troubles[0]);
    const pid = stack.pid as number;
    await stack.close();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
