import { describe, expect, it } from 'vitest';
import { fitOf } from './fit.ts';

describe('the picture in its window', () => {
  it('fills a portrait terminal one to one', () => {
    expect(fitOf(1080, 1920, 'auto')).toMatchObject({ shape: 'portrait', scale: 1, left: 0, top: 0 });
  });

  it('fills a landscape terminal one to one', () => {
    expect(fitOf(1920, 1080, 'auto')).toMatchObject({ shape: 'landscape', scale: 1, left: 0, top: 0 });
  });

  it('shows the portrait terminal, centred, in a laptop’s window', () => {
    const fit = fitOf(1440, 789, 'auto');
    expect(fit.shape).toBe('portrait');
    expect(fit.scale).toBeCloseTo(789 / 1920, 6);
    expect(fit.left).toBeCloseTo((1440 - (1080 * 789) / 1920) / 2, 6);
  });

  it('is what the address asks for', () => {
    expect(fitOf(1440, 900, 'landscape')).toMatchObject({ shape: 'landscape', scale: 0.75 });
  });
});
