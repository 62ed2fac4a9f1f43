import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { upgradeCallers } from './callers.ts';

const call = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('who asks for a WebSocket', () => {
  const callerOf = upgradeCallers(['127.0.0.1', '10.1.0.0/16']);

  it('is the address that a proxy of ours names, not what the caller wrote before it', () => {
    expect(callerOf(call('127.0.0.1', '203.0.113.9'))).toBe('203.0.113.9');
    expect(callerOf(call('::ffff:127.0.0.1', '198.51.100.1, 203.0.113.9, 10.1.2.3'))).toBe('203.0.113.9');
  });
  it('is the other end where nobody is trusted to speak for it', () => {
    expect(callerOf(call('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
    expect(callerOf(call('2001:db8:1:2:3::4'))).toBe('2001:db8:1:2::/64');
  });
  it('is nobody in particular behind a proxy that is not named, or on this machine', () => {
    expect(upgradeCallers([])(call('10.9.0.1', '203.0.113.9'))).toBeUndefined();
    expect(upgradeCallers([])(call('127.0.0.1'))).toBeUndefined();
    expect(callerOf(call('127.0.0.1', 'unknown'))).toBeUndefined();
  });
});
