import { ManualClock } from '@jolly/contracts/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerLineDisplay } from '../display/line/index.ts';
import type { LightSet } from '../lights/index.ts';
import { registerLineLights } from '../lights/line/index.ts';
import { DeviceRegistry } from '../registry/index.ts';
import { registerLineSensors } from '../sensors/line/index.ts';
import { type MemoryPeer, memoryWire } from '../transport/index.ts';
import { BoardPool, BoardReader, decodeBoardLine, encodeBoardLine } from './index.ts';

const settle = async () => {
  for (let turn = 0; turn < 40; turn++) await Promise.resolve();
};

/** A board in memory that answers as docs/lights.md says, and can be told not to. */
function bench() {
  const clock = new ManualClock();
  const wires: MemoryPeer[] = [];
  const board = {
    door: 'closed',
    presence: 'absent',
    mute: false,
    lit: new Map<string, string>(),
    heard: [] as string[],
  };
  const dial = () => {
    const { transport, peer } = memoryWire({ clock, log: () => undefined, random: () => 0 });
    wires.push(peer);
    const say = (line: string) => peer.send(new TextEncoder().encode(`${line}\n`));
    peer.onData((bytes) => {
      for (const line of String.fromCharCode(...bytes)
        .trim()
        .split('\n')) {
        board.heard.push(line);
        if (board.mute) continue;
        if (line === 'PING') say('PONG');
        else if (line === 'GET') say(`DOOR ${board.door}\nPRESENCE ${board.presence}`);
        else if (line === 'LIGHTS') say('LIGHTS barcode status');
        else if (line.startsWith('LIGHT ') && line.includes('headset')) say('ERR NO-SUCH-LIGHT');
        else if (line.startsWith('LIGHT ')) {
          const [, name = '', ...look] = line.split(' ');
          board.lit.set(name, look.join(' '));
          say(line);
        } else if (line.startsWith('DISPLAY')) say(line);
      }
    });
    return transport;
  };
  const registry = new DeviceRegistry();
  const boards = new BoardPool();
  registerLineLights(registerLineSensors(registerLineDisplay(registry, boards), boards), boards);
  const context = { clock, log: () => undefined, dial };
  const uri = (kind: string) => `${kind}+tcp://board:5100`;
  return {
    clock,
    board,
    wires,
    lights: () => registry.create('lights', uri('line-lights'), context),
    door: () => registry.create('door', uri('line-sensor'), context),
    presence: () => registry.create('presence', uri('line-sensor'), context),
    display: () => registry.create('display', uri('line-display'), context),
    say: (line: string) => wires[0]?.send(new TextEncoder().encode(`${line}\n`)),
    wait: async (ms: number) => {
      for (let gone = 0; gone < ms; gone += 10) {
        clock.advance(10);
        await settle();
      }
    },
  };
}

describe('the lines of a board', () => {
  it('are read back as they were written, and anything else is passed over', () => {
    for (const line of [
      'PING',
      'PONG',
      'GET',
      'LIGHTS barcode status',
      'LIGHT payment slow blue',
      'DISPLAY off',
      'PRESENCE present',
      'DOOR open',
      'ERR NO-SUCH-LIGHT',
    ]) {
      const message = decodeBoardLine(line);
      expect(message && encodeBoardLine(message)).toBe(`${line}\n`);
    }
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 9 }), (bytes, size) => {
        const reader = new BoardReader();
        for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
        expect(reader.push(new TextEncoder().encode('\nDOOR open\n'))).toContainEqual({
          say: 'door',
          door: 'open',
        });
      }),
    );
  });
});

describe('a door on a board', () => {
  it('is open until the board says closed, and again as soon as nobody knows', async () => {
    const { door: make, wait, wires, say } = bench();
    const door = make();
    expect(door.door).toBe('open');
    const told: string[] = [];
    door.onDoor((now) => told.push(now));
    await wait(100);
    expect(door.door).toBe('closed');
    expect(door.health()).toMatchObject({ state: 'ready' });
    say('DOOR open');
    await wait(60);
    expect(door.health()).toMatchObject({ state: 'cover-open', reasons: ['door-open'] });
    say('DOOR closed');
    await wait(60);
    wires[0]?.cut('unplugged', { stay: true });
    await settle();
    expect(door.door).toBe('open');
    expect(door.health()).toMatchObject({ state: 'unavailable', reasons: ['link-down:unplugged'] });
    expect(told).toEqual(['closed', 'open', 'closed', 'open']);
    wires[0]?.restore();
    await wait(600);
    expect(door.door).toBe('closed');
    await door.close();
  });

  it('takes no notice of a contact that bounces for less than 50 ms', async () => {
    const { door: make, wait, say } = bench();
    const door = make();
    await wait(100);
    const told: string[] = [];
    door.onDoor((now) => told.push(now));
    for (const line of ['DOOR open', 'DOOR closed', 'DOOR open', 'DOOR closed']) {
      say(line);
      await wait(30);
    }
    await wait(100);
    expect(told).toEqual([]);
    await door.close();
  });

  it('is open when the board hangs on a live line', async () => {
    const { door: make, wait, board } = bench();
    const door = make();
    await wait(100);
    board.mute = true;
    await wait(4_900);
    expect(door.door).toBe('closed');
    await wait(300);
    expect(door.door).toBe('open');
    expect(door.health().state).toBe('unavailable');
    await door.close();
  });
});

describe('several roles on one board', () => {
  it('share one wire, and it is closed by the last that goes', async () => {
    const {
      door: makeDoor,
      presence: makePresence,
      lights: makeLights,
      display: makeDisplay,
      wires,
      wait,
      say,
    } = bench();
    const [door, presence, lights, display] = [makeDoor(), makePresence(), makeLights(), makeDisplay()];
    await wait(100);
    expect(wires).toHaveLength(1);
    say('PRESENCE present');
    await wait(60);
    expect([presence.presence, door.door]).toEqual(['present', 'closed']);
    await display.turn('off');
    expect(display.power).toBe('off');
    for (const device of [door, presence, lights, display])
      expect((await device.selfTest()).every(({ ok }) => ok)).toBe(true);
    await door.close();
    await presence.close();
    expect(wires[0]?.connected).toBe(true);
    await display.close();
    await lights.close();
    expect(wires[0]?.connected).toBe(false);
  });
});

describe('lights on a board', () => {
  it('are those that it lists; they are set, and set again when the board comes back', async () => {
    const { lights: make, board, wires, wait } = bench();
    const lights = make();
    expect(lights.names).toEqual([]);
    await lights.set('barcode', { rate: 'slow', colour: 'blue' });
    await wait(100);
    expect(lights.names).toEqual(['barcode', 'status']);
    expect(board.lit.get('barcode')).toBe('slow blue');
    await lights.set('payment', { rate: 'slow', colour: 'blue' });
    expect(board.heard.filter((line) => line.includes('payment'))).toEqual([]);
    wires[0]?.cut();
    board.lit.clear();
    await wait(600);
    expect(board.lit.get('barcode')).toBe('slow blue');
    await lights.close();
    expect(board.lit.get('barcode')).toBe('off white');
  });

  it('send only the newest look of those that wait', async () => {
    const { lights: make, board, wait } = bench();
    const lights = make() as LightSet;
    await wait(100);
    board.heard.length = 0;
    const all = (['slow', 'medium', 'continuous'] as const).map((rate) =>
      lights.set('barcode', { rate, colour: 'green' }),
    );
    await wait(20);
    await Promise.all(all);
    expect(board.heard.filter((line) => line.startsWith('LIGHT '))).toEqual([
      'LIGHT barcode continuous green',
    ]);
    await lights.close();
  });
});
