/** Where the digits are: on the face of the identity card, or in the papers that came with it. */
export function CodePlace({ code }: { readonly code: 'can' | 'puk' }) {
  return (
    <svg className="drawing code-place" viewBox="0 0 236 152" aria-hidden="true" focusable="false">
      {code === 'can' ? <CardFace /> : <Papers />}
    </svg>
  );
}

function CardFace() {
  return (
    <>
      <rect className="d-idcard" x="2" y="2" width="232" height="148" rx="12" />
      <rect className="d-photo" x="16" y="46" width="58" height="78" rx="5" />
      <g className="d-face">
        <circle cx="45" cy="76" r="15" />
        <path d="M20 124c0 -36 50 -36 50 0z" />
      </g>
      <g className="d-line">
        <rect x="16" y="16" width="120" height="9" rx="4" />
        <rect x="88" y="50" width="92" height="7" rx="3" />
        <rect x="88" y="70" width="70" height="7" rx="3" />
        <rect x="88" y="90" width="82" height="7" rx="3" />
      </g>
      <Spot x={136} y={108} width={88} marks={6} />
    </>
  );
}

function Papers() {
  return (
    <>
      {[0, 122].map((x) => (
        <g key={x} transform={`translate(${x} 0)`}>
          <rect className="d-sheet" x="3" y="3" width="108" height="146" rx="6" />
          <g className="d-line">
            <rect x="16" y="18" width="56" height="8" rx="4" />
            <rect x="16" y="40" width="82" height="6" rx="3" />
            <rect x="16" y="56" width="74" height="6" rx="3" />
            <rect x="16" y="128" width="62" height="6" rx="3" />
          </g>
          <Spot x={22} y={78} width={70} marks={4} />
        </g>
      ))}
    </>
  );
}

/** Digits that are not shown even in a drawing. */
function Spot({ x, y, width, marks }: { x: number; y: number; width: number; marks: number }) {
  const step = (width - 16) / marks;
  return (
    <g>
      <rect className="d-frame" x={x} y={y} width={width} height="34" rx="8" strokeWidth="5" />
      {Array.from({ length: marks }, (_, at) => at).map((at) => (
        <rect
          key={at}
          className="d-ink"
          x={x + 8 + at * step + step / 2 - 4}
          y={y + 11}
          width="8"
          height="12"
          rx="2"
        />
      ))}
    </g>
  );
}
