import { describe, expect, it } from 'vitest';
import { networkOf } from './callers.ts';

describe('the network of a caller', () => {
  it('is the address itself, or the 64 bits of IPv6 that one household has', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(networkOf('2001:db8:0:7:1::9')).toBe('2001:db8:0:7::/64');
    expect(networkOf('2001:DB8::7:aaaa:bbbb:cccc:dddd')).toBe('2001:db8:0:7::/64');
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });
});
