import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LogSettings, type LogStream, openLogStream } from './index.ts';

const line = (level: number, msg: string) =>
  `${JSON.stringify({ level, time: Date.UTC(2026, 10, 21, 9), msg })}\n`;

describe('the log to a collector', () => {
  let log: LogStream;
  afterEach(() => log.close());
  const open = (protocol: 'udp' | 'tcp', port: number) => {
    log = openLogStream(LogSettings.parse({ stream: 'none', syslog: { host: '127.0.0.1', port, protocol } }));
  };

  it('goes as RFC 5424 by UDP', async () => {
    const collector = createSocket('udp4');
    await new Promise<void>((bound) => collector.bind(0, '127.0.0.1', bound));
    const first = new Promise<string>((heard) => {
      collector.once('message', (message) => heard(message.toString('utf8')));
    });
    open('udp', collector.address().port);
    log.write(line(50, 'è successo'));
    expect(await first).toMatch(
      /^<131>1 2026-11-21T09:00:00\.000Z \S+ jolly-fleet \d+ - - \{"level":50,.*"msg":"è successo"\}$/,
    );
    collector.close();
  });

  it('goes framed by TCP', async () => {
    let heard = '';
    let some: () => void = () => undefined;
    const collector = createServer((socket) => {
      socket.on('data', (part) => {
        heard += part.toString('utf8');
        some();
      });
    });
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
    const address = collector.address();
    open('tcp', typeof address === 'object' && address ? address.port : 0);
    log.write(line(40, 'uno'));
    log.write(line(30, 'due'));
    await new Promise<void>((done) => {
      some = () => heard.includes('due') && done();
      some();
    });
    for (let rest = heard; rest !== ''; ) {
      const [, length = '', after = ''] = /^(\d+) (.*)$/s.exec(rest) ?? [];
      const message = Buffer.from(after).subarray(0, Number(length)).toString('utf8');
      expect(message).toMatch(/^<13[24]>1 .*\}$/);
      rest = after.slice(message.length);
    }
    log.close();
    await new Promise((closed) => collector.close(closed));
  });
});
