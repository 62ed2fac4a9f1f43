import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnOf } from './cluster.ts';
import { enlarged, insetOf, isInside } from './inset.ts';
import { labelsOf, nextTowards } from './labels.ts';
import { inView, type Placed, projectionOf, wholeView, zoomed } from './projection.ts';

const size = { width: 600, height: 500 };
const placed = fc.record({
  id: fc.uuid(),
  state: fc.constantFrom('in-service', 'attention', 'stopped', 'maintenance'),
  x: fc.double({ min: 0, max: 600, noNaN: true }),
  y: fc.double({ min: 0, max: 500, noNaN: true }),
});
const many = fc.uniqueArray(placed, { selector: ({ id }) => id, maxLength: 60 });

describe('the map', () => {
  it('puts everything on the sheet, north up and east to the end', () => {
    const point = fc.tuple(
      fc.double({ min: 43.8, max: 43.95, noNaN: true }),
      fc.double({ min: 11, max: 11.2, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const map = { points: points.map(([lat, lon], at) => [`T-${at}`, lat, lon, 'in-service'] as never) };
        const project = projectionOf(map, size, 14);
        for (const [lat, lon] of points) {
          const { x, y } = project(lat, lon);
          expect(x).toBeGreaterThanOrEqual(13);
          expect(x).toBeLessThanOrEqual(587);
          expect(y).toBeGreaterThanOrEqual(13);
          expect(y).toBeLessThanOrEqual(487);
        }
        expect(project(43.9, 11.1).y).toBeLessThan(project(43.89, 11.1).y);
        expect(project(43.9, 11.11).x).toBeGreaterThan(project(43.9, 11.1).x);
      }),
    );
  });

  it('keeps the spot under the hand when it goes nearer, and comes back to the whole', () => {
    const spot = { x: 300, y: 250 };
    const near = zoomed(wholeView(size), size, 4, spot);
    expect(inView(spot, near, size)).toEqual(spot);
    expect(zoomed(near, size, 0.1)).toEqual(wholeView(size));
  });

  it('draws every terminal once, alone or with others, and the worst of a cluster shows', () => {
    fc.assert(
      fc.property(many, (all) => {
        const { single, clusters } = drawnOf(all, 52, 10);
        expect(single.length + clusters.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        const stopped = all.filter(({ state }) => state === 'stopped').length;
        const shown =
          single.filter(({ state }) => state === 'stopped').length +
          clusters.reduce((sum, { state, worst }) => sum + (state === 'stopped' ? worst : 0), 0);
        expect(shown).toBe(stopped);
      }),
    );
  });

  it('enlarges a crowded place without hiding any terminal outside it', () => {
    fc.assert(
      fc.property(many, (all) => {
        const inset = insetOf(all, size, 24);
        if (!inset) return;
        for (const each of all) {
          if (isInside(each, inset.from)) expect(isInside(enlarged(each, inset), inset.to)).toBe(true);
          else expect(isInside(each, inset.to)).toBe(false);
        }
      }),
    );
  });

  it('finds the crowd, and leaves terminals apart alone', () => {
    const at = (x: number, y: number): Placed => ({ id: `${x} ${y}`, state: 'in-service', x, y });
    const crowd = [at(200, 200), at(210, 205), at(215, 195), at(205, 215), at(222, 210)];
    const inset = insetOf([...crowd, at(80, 400)], size, 24);
    expect(inset && crowd.every((each) => isInside(each, inset.from))).toBe(true);
    expect(insetOf([at(100, 100), at(200, 200), at(300, 300), at(400, 400)], size, 24)).toBeUndefined();
  });

  it('names only what has a problem, inside the sheet and never on another name', () => {
    fc.assert(
      fc.property(many, (all) => {
        const labels = labelsOf(all, size, 1);
        for (const [at, one] of labels.entries()) {
          expect(one.of.state).not.toBe('in-service');
          expect(one.x >= 0 && one.x + one.width <= 600 && one.y >= 0 && one.y + one.height <= 500).toBe(
            true,
          );
          for (const other of labels.slice(at + 1)) {
            const apart =
              one.x >= other.x + other.width ||
              other.x >= one.x + one.width ||
              one.y >= other.y + other.height ||
              other.y >= one.y + one.height;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });

  it('goes with an arrow to the nearest marker on that side', () => {
    const at = (id: string, x: number, y: number): Placed => ({ id, state: 'in-service', x, y });
    const from = at('a', 100, 100);
    const all = [from, at('near', 140, 110), at('far', 300, 100), at('above', 100, 40)];
    expect(nextTowards(from, all, 'ArrowRight')?.id).toBe('near');
    expect(nextTowards(from, all, 'ArrowUp')?.id).toBe('above');
    expect(nextTowards(from, all, 'ArrowLeft')).toBeUndefined();
  });
});
