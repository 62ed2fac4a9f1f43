import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fewer, outlineOf, type Point, readOutlines, simplified } from './outline.ts';

const point = fc.tuple(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.double({ min: -90, max: 90, noNaN: true }),
);
const ring = fc
  .array(point, { minLength: 3, maxLength: 60 })
  .map((points): Point[] => [...points, points[0] ?? [0, 0]]);

describe('the outline of a municipality', () => {
  it('has only points of its own, in their order, and stays closed', () => {
    fc.assert(
      fc.property(ring, fc.double({ min: 0, max: 10, noNaN: true }), (points, tolerance) => {
        const simple = simplified(points, tolerance);
        let at = -1;
        for (const each of simple) {
          at = points.indexOf(each, at + 1);
          expect(at).toBeGreaterThanOrEqual(0);
        }
        expect(simple[0]).toEqual(points[0]);
        expect(simple.at(-1)).toEqual(points.at(-1));
        expect(simplified(simple, tolerance).length).toBeLessThanOrEqual(simple.length);
      }),
    );
  });

  it('is no longer than a console can draw', () => {
    const circle = Array.from({ length: 20_000 }, (_, index): Point => {
      const angle = (index / 20_000) * 2 * Math.PI;
      return [11 + Math.cos(angle) / 10, 43 + Math.sin(angle) / 10];
    });
    const closed = [...circle, circle[0] ?? [0, 0]];
    const [simple = []] = fewer([closed], 500);
    expect(simple.length).toBeGreaterThan(100);
    expect(simple.length).toBeLessThanOrEqual(500);
  });

  it.each([
    ['a polygon', { type: 'Polygon' }],
    ['a feature', { type: 'Feature' }],
    ['a collection', { type: 'FeatureCollection' }],
  ])('is read from %s', (_, { type }) => {
    const square = [
      [11, 43, 60],
      [12, 43, 60],
      [12, 44, 60],
      [11, 43, 60],
    ];
    const geometry = { type: 'Polygon', coordinates: [square] };
    const feature = { type: 'Feature', properties: {}, geometry };
    const features = { type: 'FeatureCollection', features: [feature] };
    const document = { Polygon: geometry, Feature: feature, FeatureCollection: features }[type];
    expect(outlineOf(document)).toEqual([square.map(([lon, lat]) => [lon, lat])]);
  });

  describe('of a file', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'jolly-outline-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('that is none is a fault of the settings, each of them named', () => {
      const file = join(folder, 'line.json');
      writeFileSync(file, '{"type":"LineString","coordinates":[[11,43],[12,44]]}');
      const tenants = [
        { id: 'a', map: { outlineFile: file } },
        { id: 'b', map: { outlineFile: join(folder, 'missing.json') } },
        { id: 'c', map: {} },
        { id: 'd' },
      ];
      expect(() => readOutlines(tenants)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          faults: [
            { path: file, message: 'no GeoJSON polygon' },
            { path: join(folder, 'missing.json'), message: expect.stringContaining('ENOENT') },
          ],
        }),
      );
    });
  });
});
