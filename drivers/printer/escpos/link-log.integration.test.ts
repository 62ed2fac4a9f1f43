import { createServer, type Socket } from 'node:net';
import { systemClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { DeviceRegistry } from '../../registry/index.ts';
import { registerPrinter } from './index.ts';

describe('a printer looked at again and again', () => {
  it.each([
    ['per-job', 1],
    ['held', 2],
  ])('with a %s link logs the link only when its outcome changes', async (link, lines) => {
    const sockets = new Set<Socket>();
    // Answers every question about the status: nothing is wrong.
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('data', (bytes) => {
        for (let at = 0; at + 2 < bytes.length; at++) {
          if (bytes[at] === 0x10 && bytes[at + 1] === 0x04) socket.write(Uint8Array.of(0x12));
        }
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const logged: string[] = [];
    const printer = registerPrinter(new DeviceRegistry()).create(
      'printer',
      `escpos+tcp://127.0.0.1:${port}?link=${link}`,
      { clock: systemClock, log: (event) => void logged.push(event) },
    );
    for (let look = 0; look < 3; look++) await printer.look();
    const connections = sockets.size;
    await printer.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
    expect(connections).toBeGreaterThanOrEqual(link === 'held' ? 1 : 3);
    expect(logged.filter((event) => event.startsWith('link.'))).toHaveLength(lines);
  });
});
