import { ManualClock } from '@jolly/contracts/values';
import { describe, expect, it } from 'vitest';
import type { ServiceModeState, ServiceModeStore } from '../service-mode/index.ts';
import { testConfig } from '../stand-ins/index.ts';
import { Offer } from './index.ts';

function bench(more: Parameters<typeof testConfig>[0] = {}) {
  // Saturday 21 November 2026, 10:24 in Rome
  const clock = new ManualClock();
  const told: unknown[] = [];
  const screen = {
    inSession: false,
    configure: (_: unknown, news?: unknown) => void told.push({ news }),
    serve: (service: unknown) => void told.push(service),
  };
  const mode = { state: { mode: 'in-service' } as ServiceModeState };
  const config = testConfig(more);
  const offer = new Offer({ screen, mode: mode as ServiceModeStore, clock, config });
  return { clock, told, screen, mode, offer, config };
}
const attract = { title: { it: 'Mercato' }, until: '2026-11-21' };

describe('what citizens are offered', () => {
  it('ends and begins with the opening hours', () => {
    const { clock, told, offer } = bench({
      openingHours: { sat: ['09:00', '12:00'], sun: ['10:00', '12:00'] },
    });
    expect(told).toEqual([{ news: undefined }]);
    clock.advance(2 * 3_600_000);
    expect(told.at(-1)).toEqual({ mode: 'closed', opens: { inDays: 1, day: 'sun', hour: '10:00' } });
    expect(offer.mode).toEqual({ mode: 'closed' });
    clock.advance(22 * 3_600_000);
    expect(told.at(-1)).toEqual({ mode: 'in-service' });
  });

  it('does not change while somebody is there', () => {
    const { clock, told, screen, offer } = bench({ openingHours: { sat: ['09:00', '12:00'] } });
    screen.inSession = true;
    clock.advance(2 * 3_600_000);
    expect(told).toHaveLength(1);
    screen.inSession = false;
    offer.look();
    expect(told.at(-1)).toMatchObject({ mode: 'closed' });
  });

  it('is what staff ordered, with their message, also when it would be closed', () => {
    const { mode, offer, told } = bench();
    mode.state = { mode: 'out-of-service', message: 'Torniamo alle 15' };
    offer.look();
    expect(told.at(-1)).toEqual({ mode: 'out-of-service', message: 'Torniamo alle 15' });
    expect(offer.mode).toEqual({ mode: 'out-of-service', message: 'Torniamo alle 15' });
  });

  it('has the municipality’s notice up to its last day', () => {
    const { clock, told } = bench({ attract });
    expect(told).toEqual([{ news: { title: { it: 'Mercato' } } }]);
    clock.advance(14 * 3_600_000);
    expect(told.at(-1)).toEqual({ news: undefined });
  });
});
