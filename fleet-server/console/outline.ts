import { readFileSync, statSync } from 'node:fs';
import type { Fault, FleetMap } from '@jolly/contracts/fleet-api';
import { z } from 'zod';
import { FaultsFound } from '../problems/index.ts';

/** How a municipality is drawn on the console's map. */
export const MapSettings = z.object({
  /** GeoJSON (RFC 7946) with the municipality's limit: a Polygon or MultiPolygon, or a Feature or collection of them. */
  outlineFile: z.string().optional(),
  /** Whom to thank for it: shown beside the map. */
  attribution: z.string().max(200).optional(),
});
export type MapSettings = z.infer<typeof MapSettings>;

/** A console draws it small: more points would be sent and not seen. */
const MOST_POINTS = 500;
const MOST_BYTES = 20 * 1024 * 1024;

export type Point = [number, number];
type Outline = Pick<FleetMap, 'outline' | 'attribution'>;

const Position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).rest(z.number());
const Ring = z
  .array(Position)
  .min(4)
  .transform((ring) => ring.map(([lon, lat]): Point => [lon, lat]));
const Geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(Ring).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(Ring).min(1)).min(1) }),
]);
const Feature = z.object({ type: z.literal('Feature'), geometry: Geometry });
const Features = z.object({ type: z.literal('FeatureCollection'), features: z.array(Feature).min(1) });
const GeoJson = z.union([Geometry, Feature, Features]);

/** The outlines of all municipalities that have one. Throws CONFIG_INVALID with every fault of every file. */
export function readOutlines(
  tenants: readonly { readonly id: string; readonly map?: MapSettings | undefined }[],
): ReadonlyMap<string, Outline> {
  const faults: Fault[] = [];
  const found = new Map<string, Outline>();
  for (const { id, map } of tenants) {
    if (!map?.outlineFile) continue;
    try {
      if (statSync(map.outlineFile).size > MOST_BYTES) throw new Error('larger than 20 MB');
      const outline = outlineOf(JSON.parse(readFileSync(map.outlineFile, 'utf8')));
      found.set(id, { outline, ...(map.attribution ? { attribution: map.attribution } : {}) });
    } catch (error) {
      const message = error instanceof z.ZodError ? 'no GeoJSON polygon' : String(error);
      faults.push({ path: map.outlineFile, message });
    }
  }
  if (faults.length > 0) throw new FaultsFound('CONFIG_INVALID', faults);
  return found;
}

/** The rings of a document, simplified until a console can draw them at once. Throws ZodError for what is no polygon. */
export function outlineOf(document: unknown): Point[][] {
  const geo = GeoJson.parse(document);
  const geometries =
    geo.type === 'FeatureCollection'
      ? geo.features.map(({ geometry }) => geometry)
      : [geo.type === 'Feature' ? geo.geometry : geo];
  const rings = geometries.flatMap((geometry) =>
    geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat(),
  );
  return fewer(rings, MOST_POINTS);
}

/** No more than `most` points in all, where that can be: the coarser, the more there were. A ring too small to be seen is left out. */
export function fewer(rings: readonly Point[][], most: number): Point[][] {
  let simple = rings.map((ring) => [...ring]);
  // about a metre, then twice as much each time
  for (let tolerance = 0.000_01; count(simple) > most && tolerance < 1; tolerance *= 2) {
    simple = rings.map((ring) => simplified(ring, tolerance)).filter((ring) => ring.length >= 4);
  }
  return simple;
}

const count = (rings: readonly Point[][]): number => rings.reduce((sum, ring) => sum + ring.length, 0);

/** A ring with fewer of its own points, none of those left out farther from its new lines than the tolerance (Douglas and Peucker). */
export function simplified(ring: readonly Point[], tolerance: number): Point[] {
  const keep = new Set([0, ring.length - 1]);
  const spans: [number, number][] = [[0, ring.length - 1]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let farthest = 0;
    let at = -1;
    for (let index = from + 1; index < to; index++) {
      const distance = distanceTo(ring[index], ring[from], ring[to]);
      if (distance > farthest) [farthest, at] = [distance, index];
    }
    if (at < 0 || farthest <= tolerance) continue;
    keep.add(at);
    spans.push([from, at], [at, to]);
  }
  return ring.filter((_, index) => keep.has(index));
}

/** From a point to a line between two others, in degrees: near enough for what is only drawn. */
function distanceTo(point: Point | undefined, from: Point | undefined, to: Point | undefined): number {
  if (!point || !from || !to) return 0;
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point[0] - from[0] - t * dx, point[1] - from[1] - t * dy);
}
