import { Duplex } from 'node:stream';
import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { guardStream } from './guarded-stream.ts';

/** A connection with a reader as the broker is one: it reads what there is whenever something is. */
function rig(over: { messagesPerSecond?: number; bytesPerSecond?: number } = {}) {
  const clock = new ManualClock();
  const refused: string[] = [];
  const conn = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const guard = guardStream(conn, {
    clock,
    messagesPerSecond: 10,
    bytesPerSecond: 1_000,
    refused: (reason) => refused.push(reason),
    ...over,
  });
  const read: Buffer[] = [];
  conn.on('readable', () => {
    for (let chunk: unknown = conn.read(null as unknown as number); chunk instanceof Buffer; ) {
      read.push(chunk);
      chunk = conn.read(null as unknown as number);
    }
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, conn, guard, refused, turn, bytes: () => Buffer.concat(read).length };
}
const ping = Buffer.from([0xc0, 0]);

describe('a guarded connection', () => {
  it('is read more slowly when too much comes, and loses nothing', async () => {
    const { clock, conn, refused, turn, bytes } = rig();
    for (let sent = 0; sent < 10; sent += 1) {
      conn.push(Buffer.concat(new Array<Buffer>(20).fill(ping)));
      await turn();
    }
    expect(refused).toEqual(['slowed']);
    expect(bytes()).toBeLessThan(400);
    clock.advance(60_000);
    await turn();
    expect(bytes()).toBe(400);
    conn.destroy();
  });

  it('ends when a stranger sends more than a CONNECT, and takes as much from who is known', async () => {
    const head = Buffer.from([0x30, 0x88, 0x27]);
    const stranger = rig();
    stranger.conn.push(head);
    await stranger.turn();
    expect(stranger.conn.destroyed).toBe(true);
    expect(stranger.refused).toEqual(['oversized']);
    const known = rig();
    known.guard.admit(10_000);
    known.conn.push(head);
    await known.turn();
    expect(known.conn.destroyed).toBe(false);
    known.conn.destroy();
  });
});
