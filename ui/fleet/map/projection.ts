import type { FleetMap, TerminalStanding } from '@jolly/contracts/fleet-api';

export interface Spot {
  readonly x: number;
  readonly y: number;
}
export interface Placed extends Spot {
  readonly id: string;
  readonly state: TerminalStanding;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** How near the map is looked at: `zoom` 1 shows everything; the middle is in pixels of the whole map. */
export interface View {
  readonly zoom: number;
  readonly middle: Spot;
}

export type Project = (lat: number, lon: number) => Spot;

/** Fits what there is into the sheet, north up. A municipality is small: its own latitude straightens the whole of it. */
export function projectionOf(map: Pick<FleetMap, 'points' | 'outline'>, size: Size, margin: number): Project {
  const outline = (map.outline ?? []).flat();
  const all: readonly (readonly [number, number])[] =
    outline.length > 0 ? outline : map.points.map(([, lat, lon]) => [lon, lat] as const);
  let [west, east, south, north] = [180, -180, 90, -90];
  for (const [lon, lat] of all) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  if (west > east) return () => ({ x: size.width / 2, y: size.height / 2 });
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  // one terminal alone still has a surrounding of about a kilometre
  const wide = Math.max((east - west) * squeeze, 0.01);
  const high = Math.max(north - south, 0.01);
  const scale = Math.min(
    Math.max(1, size.width - 2 * margin) / wide,
    Math.max(1, size.height - 2 * margin) / high,
  );
  const middle = { lon: (west + east) / 2, lat: (south + north) / 2 };
  // at the start side: what is left over at the other one is room for the larger picture of the centre
  const centre = Math.min(size.width / 2, margin + ((east - west) * squeeze * scale) / 2);
  return (lat, lon) => ({
    x: centre + (lon - middle.lon) * squeeze * scale,
    y: size.height / 2 - (lat - middle.lat) * scale,
  });
}

export const WHOLE_ZOOM = 1;
export const MOST_ZOOM = 64;

/** Where a spot of the whole map is in this view. */
export function inView(spot: Spot, view: View, size: Size): Spot {
  return {
    x: (spot.x - view.middle.x) * view.zoom + size.width / 2,
    y: (spot.y - view.middle.y) * view.zoom + size.height / 2,
  };
}

export const wholeView = (size: Size): View => ({
  zoom: WHOLE_ZOOM,
  middle: { x: size.width / 2, y: size.height / 2 },
});

/** Nearer or farther around a spot of the sheet that stays where it is; never farther than the whole. */
export function zoomed(view: View, size: Size, factor: number, around?: Spot): View {
  const zoom = Math.min(MOST_ZOOM, Math.max(WHOLE_ZOOM, view.zoom * factor));
  if (zoom === WHOLE_ZOOM) return wholeView(size);
  const fixed = around ?? { x: size.width / 2, y: size.height / 2 };
  const real = {
    x: view.middle.x + (fixed.x - size.width / 2) / view.zoom,
    y: view.middle.y + (fixed.y - size.height / 2) / view.zoom,
  };
  return held(
    {
      zoom,
      middle: {
        x: real.x - (fixed.x - size.width / 2) / zoom,
        y: real.y - (fixed.y - size.height / 2) / zoom,
      },
    },
    size,
  );
}

export function moved(view: View, size: Size, by: Spot): View {
  return held(
    { ...view, middle: { x: view.middle.x - by.x / view.zoom, y: view.middle.y - by.y / view.zoom } },
    size,
  );
}

/** The middle stays on the map. */
function held(view: View, size: Size): View {
  const within = (value: number, whole: number) => {
    const half = whole / (2 * view.zoom);
    return Math.min(whole - half, Math.max(half, value));
  };
  return {
    zoom: view.zoom,
    middle: { x: within(view.middle.x, size.width), y: within(view.middle.y, size.height) },
  };
}
