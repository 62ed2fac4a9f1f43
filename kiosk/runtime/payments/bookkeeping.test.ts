import type { CardEvidence, PosDay } from '@jolly/contracts/fleet-api';
import type { Cents } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import { splitFigures, together } from './bookkeeping.ts';

const move = (amount: number, kind: 'charge' | 'reversal' = 'charge'): PosDay['charges'][number] => ({
  kioskPaymentId: '0198f4a0-0000-7000-8000-000000000001',
  kind,
  card: {
    posTerminalId: '1',
    stan: '1',
    cardType: 'debit',
    chargedAt: 0,
    amountCents: amount as Cents,
  } satisfies CardEvidence,
});

describe("the terminal's figures of a day", () => {
  it('are of that day alone while nothing of the next has begun', () => {
    expect(splitFigures({ posTotalCents: 500 }, [])).toEqual({ closed: { posTotalCents: 500 } });
  });

  it('are parted when the day is closed after the next has begun', () => {
    expect(splitFigures({ posTotalCents: 900 }, [move(300), move(100), move(100, 'reversal')])).toEqual({
      closed: { posTotalCents: 600 },
      begun: { posTotalCents: 300 },
    });
  });

  it('are not believed when they are less than what has begun', () => {
    expect(splitFigures({ posTotalCents: 200 }, [move(300)])).toEqual({
      closed: { failure: 'totals-below-charges' },
    });
  });

  it('add up when the day is closed more than once, and stay away when one is missing', () => {
    const before: PosDay = {
      day: '2026-11-21',
      posTerminalId: '1',
      closedAt: 0,
      posTotalCents: 300,
      charges: [],
    };
    expect(together(before, { posTotalCents: 200 })).toEqual({ posTotalCents: 500 });
    expect(together(undefined, { posTotalCents: 200 })).toEqual({ posTotalCents: 200 });
    expect(together(before, { failure: 'POS_BUSY' })).toEqual({ failure: 'POS_BUSY' });
  });
});
