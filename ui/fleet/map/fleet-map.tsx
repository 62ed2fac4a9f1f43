import type { FleetMap as MapData } from '@jolly/contracts/fleet-api';
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { t } from '../messages/index.ts';
import { Icon } from '../parts/icon.tsx';
import { drawnOf, MOST_SINGLE, visible } from './cluster.ts';
import { enlarged, type Inset, insetOf, isInside } from './inset.ts';
import { type Label, labelsOf, nextTowards } from './labels.ts';
import { ClusterMark, Marker, MarkerLabel } from './marker.tsx';
import {
  inView,
  MOST_ZOOM,
  moved,
  type Placed,
  projectionOf,
  type Size,
  type Spot,
  type View,
  WHOLE_ZOOM,
  wholeView,
  zoomed,
} from './projection.ts';
import { useSheet } from './use-sheet.ts';

const MARKER = 24;
const CELL = 52;
const ARROWS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

interface Picture {
  readonly outline: readonly string[];
  readonly inset: Inset | undefined;
  /** Everything that stands alone, in the order it is drawn. */
  readonly markers: readonly Placed[];
  readonly insetMarkers: readonly Placed[];
  readonly clusters: ReturnType<typeof drawnOf>['clusters'];
  readonly labels: readonly Label[];
}

/** Everything that is drawn, from the data and the view: pure, so a change of one terminal costs a few milliseconds at 15,000. */
function pictureOf(map: MapData, size: Size, view: View, unit: number): Picture {
  // whom to thank stands under the map, not on it
  const foot = map.attribution === undefined ? 0 : 20 * unit;
  const project = projectionOf(map, { ...size, height: size.height - foot }, 14 * unit);
  const shown = map.points.map(([id, lat, lon, state]): Placed => {
    const { x, y } = inView(project(lat, lon), view, size);
    return { id, state, x, y };
  });
  const seen = visible(shown, size, MARKER * unit);
  const inset =
    view.zoom === WHOLE_ZOOM && seen.length <= MOST_SINGLE ? insetOf(seen, size, MARKER * unit) : undefined;
  const near = inset
    ? seen
        .filter((each) => isInside(each, inset.from))
        .map((each): Placed => ({ ...each, ...enlarged(each, inset) }))
    : [];
  const rest = inset ? seen.filter((each) => !isInside(each, inset.from)) : seen;
  const { single, clusters } = drawnOf(rest, CELL * unit);
  const labels = [
    ...(inset ? labelsOf(near, inset.to, unit) : []),
    ...labelsOf(single, size, unit, inset ? [inset.to, inset.from] : []).slice(0, 40),
  ];
  const outline = (map.outline ?? []).map((ring) =>
    ring
      .map(([lon, lat], at) => {
        const { x, y } = inView(project(lat, lon), view, size);
        return `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('')
      .concat('Z'),
  );
  return { outline, inset, markers: single, insetMarkers: near, clusters, labels };
}

/** The municipality and its terminals, drawn here: no tiles, nothing from another host. The list beside says the same. */
export function FleetMap({ map, selected }: { map: MapData; selected?: string | undefined }) {
  const { ref, size, unit } = useSheet();
  const [chosen, setView] = useState<View | undefined>(undefined);
  const [at, setAt] = useState<string | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const drag = useRef<{ readonly from: Spot; readonly view: View; moved: boolean } | undefined>(undefined);
  const view = chosen ?? wholeView(size);
  const picture = useMemo(
    () => pictureOf(map, size, chosen ?? wholeView(size), unit),
    [map, size, chosen, unit],
  );
  const every = [...picture.markers, ...picture.insetMarkers];
  // the worst is where Tab goes first
  const first = every.find(({ id }) => id === at)?.id ?? every.at(-1)?.id;
  const zoom = (factor: number, around?: Spot) => setView(zoomed(view, size, factor, around));

  const keys = (event: KeyboardEvent, placed: Placed) => {
    if (!ARROWS.has(event.key)) return;
    event.preventDefault();
    const next = nextTowards(placed, every, event.key as 'ArrowUp');
    if (!next) return;
    setAt(next.id);
    svg.current?.querySelector<SVGElement>(`[data-marker="${CSS.escape(next.id)}"]`)?.focus();
  };
  const pressed = (event: PointerEvent) => {
    drag.current = { from: { x: event.clientX, y: event.clientY }, view, moved: false };
  };
  const dragged = (event: PointerEvent) => {
    const began = drag.current;
    if (!began || event.buttons === 0 || began.view.zoom === WHOLE_ZOOM) return;
    const by = { x: event.clientX - began.from.x, y: event.clientY - began.from.y };
    if (Math.hypot(by.x, by.y) < 4 && !began.moved) return;
    began.moved = true;
    setView(moved(began.view, size, by));
  };
  const marker = (placed: Placed) => (
    <Marker
      key={placed.id}
      placed={placed}
      unit={unit}
      selected={placed.id === selected}
      reachable={placed.id === first}
      keys={keys}
      focused={({ id }) => setAt(id)}
    />
  );
  const { inset } = picture;
  return (
    <section className="map" aria-label={t('map.title')} ref={ref}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing that holds links */}
      <svg
        ref={svg}
        role="group"
        aria-label={t('map.about', { n: map.points.length })}
        viewBox={`0 0 ${size.width} ${size.height}`}
        className={view.zoom > WHOLE_ZOOM ? 'map-moves' : undefined}
        onPointerDown={pressed}
        onPointerMove={dragged}
        onClickCapture={(event) => {
          // the end of a drag is not a press
          if (drag.current?.moved) event.preventDefault();
          drag.current = undefined;
        }}
      >
        {picture.outline.map((ring) => (
          <path key={ring.slice(0, 40)} d={ring} className="map-land" />
        ))}
        {picture.clusters.map((cluster) => (
          <ClusterMark
            key={`${cluster.x} ${cluster.y}`}
            cluster={cluster}
            unit={unit}
            nearer={() => zoom(3, cluster)}
          />
        ))}
        {picture.markers.map(marker)}
        {inset ? (
          <g className="map-inset">
            <rect {...inset.from} rx={6 * unit} className="map-frame" />
            <path d={ties(inset)} className="map-tie" />
            <rect {...inset.to} rx={10 * unit} className="map-frame map-near" />
            <text x={inset.to.x + 4 * unit} y={inset.to.y - 7 * unit}>
              {t('map.inset')}
            </text>
            {picture.insetMarkers.map(marker)}
          </g>
        ) : null}
        {picture.labels.map((label) => (
          <MarkerLabel key={label.of.id} label={label} unit={unit} />
        ))}
      </svg>
      <div className="map-buttons">
        <button
          type="button"
          aria-label={t('map.nearer')}
          aria-disabled={view.zoom >= MOST_ZOOM}
          onClick={() => zoom(2)}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          aria-label={t('map.farther')}
          aria-disabled={view.zoom <= WHOLE_ZOOM}
          onClick={() => zoom(0.5)}
        >
          <Icon name="minus" />
        </button>
      </div>
      {map.attribution === undefined ? null : <p className="map-thanks">{map.attribution}</p>}
      {map.points.length === 0 ? <p className="map-empty">{t('map.none')}</p> : null}
    </section>
  );
}

/** The two lines from the place to its larger picture: between the corners that face each other. */
function ties({ from, to }: Inset): string {
  const right = to.x + to.width / 2 > from.x + from.width / 2;
  const corner = (rect: Inset['to'], east: boolean, south: boolean) =>
    `${rect.x + (east ? rect.width : 0)} ${rect.y + (south ? rect.height : 0)}`;
  return [true, false].map((south) => `M${corner(from, right, south)}L${corner(to, !right, south)}`).join('');
}
