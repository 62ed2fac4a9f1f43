import { wordsIn } from '@jolly/ui-kit/messages';
import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../fixtures/samples.ts';
import { guideOf, placeInWords } from './guide.ts';

const { t } = wordsIn('it', 'Europe/Rome');

describe('where a device stands, in words', () => {
  it.each([
    [0, 'centre', 'in basso al centro'],
    [45, 'right', 'in basso a destra'],
    [-45, 'left', 'in basso a sinistra'],
    [90, 'right', 'all’altezza dello schermo a destra'],
    [270, 'left', 'all’altezza dello schermo a sinistra'],
    [180, 'centre', 'in alto al centro'],
    [-150, 'left', 'in alto a sinistra'],
  ] as const)('%s° %s', (angle, side, words) => expect(placeInWords({ angle, side }, t)).toBe(words));
});

describe('the guide', () => {
  it('leads to code reader, card slot, POS, its PIN pad and the printer’s mouth, each when it is needed', () => {
    const guide = (name: Parameters<typeof sampleSnapshot>[0]) => guideOf(sampleSnapshot(name), t);
    expect(guide('pay-scan')).toContain('lettore dei codici è in basso al centro');
    expect(guide('pay-card')).toContain('POS è in basso a destra');
    expect(guide('pay-card-authorising')).toContain('tasti in rilievo');
    expect(guide('pay-done')).toContain('in basso a sinistra');
    const paid = sampleSnapshot('pay-summary');
    const summary = (paper: 'printed' | 'skipped') =>
      paid.screen.name === 'pay-summary' && guideOf({ ...paid, screen: { ...paid.screen, paper } }, t);
    expect(summary('printed')).toContain('in basso a sinistra');
    expect(summary('skipped')).toBeUndefined();
    expect(guide('login-card')).toContain('in basso a sinistra');
    expect(guide('home')).toBeUndefined();
    expect(guide('login-card-reading')).toBeUndefined();
  });
});
