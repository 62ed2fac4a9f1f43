import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { framed, syslogMessage } from './codec.ts';

const head = { facility: 16, app: 'jolly-fleet', host: 'server', pid: 7 };

describe('a line of the log as syslog', () => {
  it('has the severity of its level', () => {
    const priorities = [10, 20, 30, 40, 50, 60].map(
      (level) => /^<(\d+)>/.exec(syslogMessage(`{"level":${level}}`, head))?.[1],
    );
    expect(priorities).toEqual(['135', '135', '134', '132', '131', '130']);
  });

  it('is one message whatever the line is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const message = syslogMessage(text, head);
        expect(message).toMatch(/^<\d{1,3}>1 \S+ server jolly-fleet 7 - - /);
        const [, length] = /^(\d+) /.exec(framed(message)) ?? [];
        expect(Number(length)).toBe(Buffer.byteLength(message));
      }),
    );
  });
});
