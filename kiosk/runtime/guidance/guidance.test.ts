import { LIGHT_NAMES, type LightLook, type LightName } from '@jolly/drivers/lights';
import { describe, expect, it } from 'vitest';
import { placeOf, reachableScreens } from '../session/index.ts';
import { testConfig } from '../stand-ins/index.ts';
import { Guidance, lightsFor } from './index.ts';

const pages = reachableScreens(placeOf(testConfig({ mode: 'demo' })));

/** Lights that remember what is lit, and the most that ever were at once. */
function board(names: readonly LightName[]) {
  const lit = new Map<LightName, LightLook>();
  let most = 0;
  const sent: string[] = [];
  return {
    names,
    lit,
    sent,
    most: () => most,
    set: async (name: LightName, look: LightLook) => {
      sent.push(`${name} ${look.rate} ${look.colour}`);
      if (look.rate === 'off') lit.delete(name);
      else lit.set(name, look);
      most = Math.max(most, lit.size);
    },
  };
}

describe('every page that can be reached', () => {
  it('lights exactly one light, whichever page came before it', () => {
    const lights = board(LIGHT_NAMES);
    const guidance = new Guidance(lights);
    for (const { snapshot, key } of [...pages, ...[...pages].reverse()]) {
      guidance.follow(snapshot);
      expect([key, lights.lit.size]).toEqual([key, 1]);
    }
    expect(lights.most()).toBe(1);
  });

  it('has a light that every terminal has, and none that flashes faster than 1 Hz', () => {
    for (const { snapshot, key } of pages) {
      const choices = lightsFor(snapshot);
      expect([key, choices.at(-1)?.name]).toEqual([key, 'status']);
      for (const { look } of choices) expect(['slow', 'continuous']).toContain(look.rate);
    }
  });

  it('says blue for put it here, green for take it, amber for wait', () => {
    const lit = (screen: string) => {
      const page = pages.find(({ key }) => key === screen);
      if (!page) throw new Error(`no page ${screen}`);
      const [first] = lightsFor(page.snapshot);
      return `${first.name} ${first.look.rate} ${first.look.colour}`;
    };
    expect(lit('pay-scan')).toBe('barcode slow blue');
    expect(lit('pay-card')).toBe('payment slow blue');
    expect(lit('pay-done')).toBe('receiptPrinter continuous green');
    expect(lit('pay-verifying')).toBe('status continuous yellow');
    expect(lit('card-left cns')).toBe('cardReader continuous green');
    expect(lit('home')).toBe('status continuous white');
    expect(lit('home power-failing')).toBe('status continuous yellow');
    expect(lit('home door-open')).toBe('status continuous yellow');
    expect(lit('pay-scan warned')).toBe('status slow yellow');
  });
});

describe('a terminal with few lights', () => {
  it('shows the next best one, and nothing where it has none', () => {
    const pay = pages.find(({ key }) => key === 'pay-scan')?.snapshot;
    if (!pay) throw new Error('no pay-scan');
    const few = board(['status', 'payment']);
    new Guidance(few).follow(pay);
    expect(few.sent).toEqual(['payment off white', 'status continuous white']);
    const none = board([]);
    new Guidance(none).follow(pay);
    expect(none.sent).toEqual([]);
  });

  it('is sent nothing twice', () => {
    const lights = board(LIGHT_NAMES);
    const guidance = new Guidance(lights);
    const [page] = pages;
    if (!page) throw new Error('no page');
    guidance.follow(page.snapshot);
    const before = lights.sent.length;
    guidance.follow(page.snapshot);
    expect(lights.sent).toHaveLength(before);
  });
});
