import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrastRatio, PAIRS, readPalette, themeFaults, withTenantTheme } from './contrast.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const standard = readPalette(css, ':root');
const contrast = { ...standard, ...readPalette(css, '[data-theme="contrast"]') };
const dark = { ...standard, ...readPalette(css, '[data-theme="dark"]') };
const contrastLight = { ...standard, ...readPalette(css, '[data-theme="contrast-light"]') };

describe('contrast ratio', () => {
  it('is 21 for black on white and agrees with the published figures', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastRatio('#14263B', '#F5F2EC')).toBeCloseTo(13.7, 1);
    expect(contrastRatio('#0054A6', '#FFFFFF')).toBeCloseTo(7.5, 1);
  });
});

describe('the palette', () => {
  it.each([
    ['standard', standard],
    ['contrast', contrast],
    ['contrast-light', contrastLight],
    ['dark', dark],
  ])('%s has no pair under its bound', (_name, palette) => {
    expect(themeFaults(palette)).toEqual([]);
  });

  it.each([
    ['contrast', contrast],
    ['contrast-light', contrastLight],
  ])('%s reaches 7 for every text', (_name, palette) => {
    const strict = PAIRS.filter((pair) => pair.least === 4.5).map((pair) => ({ ...pair, least: 7 }));
    expect(themeFaults(palette, strict)).toEqual([]);
  });
});

describe('a municipality’s theme', () => {
  it('is taken when every pair holds', () => {
    expect(withTenantTheme(standard, { primary: '#7a1030', 'primary-deep': '#5a0a22' }).ok).toBe(true);
  });

  it('is rejected with the list of its faults', () => {
    const result = withTenantTheme(standard, { primary: '#5aa0e0' });
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.faults.map((fault) => fault.of)).toContain('on-primary');
  });

  it('is rejected when a colour cannot be read', () => {
    expect(withTenantTheme(standard, { night: 'navy' }).ok).toBe(false);
  });
});
