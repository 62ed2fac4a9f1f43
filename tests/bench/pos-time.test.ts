import { describe, expect, it } from 'vitest';
import type { PosLog } from './control.ts';
import { posApproval } from './pos-time.ts';

const log = (...entries: readonly (readonly [number, 'in' | 'out', string])[]): PosLog =>
  entries.map(([at, direction, what]) => ({ at, direction, what }));

describe('the approval in the log of the card terminal', () => {
  it('is the last result, and its slip costs what passes between hearing and saying', () => {
    const found = posApproval(
      log(
        [5, 'out', 'E 00 STAN 000041'], // the payment before, asked for again
        [10, 'in', 'X 12345'],
        [11, 'out', 'ACK'],
        [100, 'out', 'E 00 STAN 000042'],
        [103, 'in', 'ACK'],
        [105, 'out', 'S'],
        [106, 'in', 'ACK'],
        [110, 'out', 'S'],
        [111, 'in', 'ACK'],
        [200, 'in', 's'],
        [250, 'out', 'ACK'],
      ),
      1,
    );
    expect(found).toEqual({ at: 100, posMs: 2 + 4 });
  });

  it('is found in the words of ZVT too', () => {
    const found = posApproval(
      log(
        [100, 'out', '04 0F 00'],
        [103, 'in', '80 00'],
        [105, 'out', '06 D3'],
        [106, 'in', '80 00'],
        [110, 'out', '06 0F'],
        [111, 'in', '80 00'],
        [200, 'in', '05 01'],
        [250, 'out', '80 00'],
      ),
      1,
    );
    expect(found).toEqual({ at: 100, posMs: 2 + 4 });
  });

  it('is an answer of nexo too, which brings its slip along', () => {
    const messages = log(
      [5, 'out', 'Payment Success'],
      [90, 'in', 'Payment'],
      [100, 'out', 'Payment Success'],
      [120, 'in', 'Diagnosis'],
    );
    expect(posApproval(messages, 50)).toEqual({ at: 100, posMs: 0 });
  });

  it('costs nothing where no slip follows', () => {
    expect(posApproval(log([100, 'out', 'E 00 STAN 000042'], [103, 'in', 'ACK']), 1)).toEqual({
      at: 100,
      posMs: 0,
    });
  });

  it('is missed where there is none since then', () => {
    const refused = log([5, 'out', 'E 00 STAN 000041'], [100, 'out', 'E 01 STAN 000042']);
    expect(() => posApproval(refused, 50)).toThrow(/not approved/);
  });
});
