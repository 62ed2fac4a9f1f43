import type { KeyboardEvent } from 'react';
import { t } from '../messages/index.ts';
import { Shape } from '../parts/sign.tsx';
import { terminalSign } from '../parts/words.ts';
import { hashOf } from '../route.ts';
import type { Cluster } from './cluster.ts';
import type { Label } from './labels.ts';
import type { Placed } from './projection.ts';

/** One terminal: its state's shape on a disc. A link, so that it opens as links do. */
export function Marker({
  placed,
  unit,
  selected,
  reachable,
  keys,
  focused,
}: {
  readonly placed: Placed;
  readonly unit: number;
  readonly selected: boolean;
  /** One marker of the map is in the order of Tab; the arrows go to the others. */
  readonly reachable: boolean;
  readonly keys: (event: KeyboardEvent, placed: Placed) => void;
  readonly focused: (placed: Placed) => void;
}) {
  const size = (selected ? 26 : 18) * unit;
  const kind = terminalSign[placed.state];
  return (
    <a
      href={hashOf('terminal', placed.id)}
      tabIndex={reachable ? 0 : -1}
      className={`marker status-${kind}`}
      data-marker={placed.id}
      aria-label={t('map.marker', { terminal: placed.id, state: t(`state.${placed.state}`) })}
      onKeyDown={(event) => keys(event, placed)}
      onFocus={() => focused(placed)}
    >
      <g transform={`translate(${placed.x} ${placed.y})`}>
        <circle r={12 * unit + (selected ? 4 * unit : 0)} className="marker-disc" />
        <svg x={-size / 2} y={-size / 2} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
          <Shape kind={kind} />
        </svg>
        <title>{placed.id}</title>
      </g>
    </a>
  );
}

export function MarkerLabel({ label, unit }: { label: Label; unit: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; the marker says its name
    <g className={`marker-label status-${terminalSign[label.of.state]}`} aria-hidden="true">
      <rect x={label.x} y={label.y} width={label.width} height={label.height} rx={6 * unit} />
      <text x={label.x + label.width / 2} y={label.y + label.height / 2} dy="0.36em">
        {label.of.id}
      </text>
    </g>
  );
}

/** Many in one place: how many, and the worst among them by shape and colour. A press goes nearer. */
export function ClusterMark({
  cluster,
  unit,
  nearer,
}: {
  readonly cluster: Cluster;
  readonly unit: number;
  readonly nearer: () => void;
}) {
  const kind = terminalSign[cluster.state];
  const radius = (15 + Math.min(14, Math.log2(cluster.count) * 1.8)) * unit;
  const name = t('map.cluster', {
    n: cluster.count,
    worst: cluster.worst,
    state: t(`state.${cluster.state}`),
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button inside a drawing
    <g
      role="button"
      tabIndex={0}
      aria-label={name}
      className={`cluster status-${kind}`}
      transform={`translate(${cluster.x} ${cluster.y})`}
      onClick={nearer}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        nearer();
      }}
    >
      <circle r={radius} />
      <text dy="0.36em">{cluster.count}</text>
      {kind === 'good' ? null : (
        <svg
          x={radius * 0.4}
          y={-radius * 1.15}
          width={16 * unit}
          height={16 * unit}
          viewBox="0 0 24 24"
          aria-hidden="true"
        >
          <circle cx="12" cy="12" r="12" className="marker-disc" />
          <Shape kind={kind} />
        </svg>
      )}
      <title>{name}</title>
    </g>
  );
}
