import { type DrawingContext, qrcode, type RenderOptions } from 'bwip-js/generic';
import { useMemo } from 'react';

interface CodePath {
  readonly path: string;
  /** Modules along a side, px of the path. */
  readonly size: number;
}

/** Collects the modules of a code as one SVG path instead of painting them. */
function pathOf(text: string): CodePath {
  let path = '';
  let size = 0;
  const drawing: DrawingContext<CodePath> = {
    scale: (x, y) => [Math.floor(x) || 1, Math.floor(y) || 1],
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = Math.max(width, height);
    },
    line: () => undefined,
    polygon: (points) => {
      path += `M${points.map(([x, y]) => `${x} ${y}`).join('L')}z`;
    },
    hexagon: () => undefined,
    ellipse: () => undefined,
    fill: () => undefined,
    text: () => undefined,
    end: () => ({ path, size }),
  };
  const options: RenderOptions & { readonly eclevel: 'M' } = { bcid: 'qrcode', text, scale: 1, eclevel: 'M' };
  return qrcode<CodePath>(options, drawing);
}

/** A QR code, dark on white in every theme so that any phone reads it, with its quiet zone. */
export function QrCode({
  text,
  label,
  testId = 'receipt-qr',
}: {
  readonly text: string;
  readonly label: string;
  readonly testId?: string;
}) {
  const { path, size } = useMemo(() => pathOf(text), [text]);
  return (
    <svg
      className="qr"
      role="img"
      aria-label={label}
      data-testid={testId}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#14263B" fillRule="evenodd" />
    </svg>
  );
}
