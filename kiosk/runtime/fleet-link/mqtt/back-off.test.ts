import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconnectWait } from './back-off.ts';

it('waits anything up to a limit that doubles to a minute', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.uint8Array({ minLength: 2, maxLength: 2 }), (failures, bytes) => {
      const wait = reconnectWait(failures, () => bytes);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThan(Math.min(60_000, 3000 * 2 ** failures));
    }),
  );
  const latest = (failures: number) => reconnectWait(failures, () => new Uint8Array([255, 255]));
  expect([0, 1, 4, 5, 30].map(latest)).toEqual([2999, 5999, 47_999, 59_999, 59_999]);
});
