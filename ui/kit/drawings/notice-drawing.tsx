import { Crest } from './crest.tsx';
import { SAMPLE_CODE } from './sample-code.ts';

export interface NoticeWords {
  readonly heading: string;
  readonly sample: string;
  readonly due: string;
  readonly amount: string;
  /** Three short lines beside the code: its name, then where it is. */
  readonly callout: readonly [string, string, string];
}

const STRONG = [
  [36, 146, 150],
  [316, 146, 150],
  [262, 404, 180],
  [262, 500, 130],
] as const;
const PALE = [
  [36, 172, 220],
  [36, 196, 190],
  [36, 220, 206],
  [316, 172, 200],
  [316, 196, 170],
  [316, 220, 208],
  [262, 432, 240],
  [262, 456, 214],
  [262, 528, 250],
  [262, 552, 150],
] as const;

/** Where the code stands on the paper, and the reader that lights it. Never mirrored: the paper is as it is. */
export function NoticeDrawing({ words }: { readonly words: NoticeWords }) {
  return (
    <svg className="drawing" viewBox="0 0 952 800" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="beam" x1="0" y1="1" x2="0" y2="0">
          <stop offset="0" stopColor="#2C86E0" stopOpacity=".5" />
          <stop offset="1" stopColor="#2C86E0" stopOpacity="0" />
        </linearGradient>
      </defs>
      <g transform="translate(344 6)">
        <rect className="d-shadow" x="14" y="16" width="560" height="650" rx="10" />
        <rect className="d-sheet" width="560" height="650" rx="10" />
        <svg x="36" y="34" width="48" height="60" viewBox="0 0 48 60" aria-hidden="true">
          <Crest height={60} />
        </svg>
        <text className="d-ink" x="104" y="62" fontWeight="700" fontSize="26">
          {words.heading}
        </text>
        <text className="d-ink2" x="104" y="92" fontSize="21">
          {words.sample}
        </text>
        <rect className="d-pale" x="36" y="118" width="488" height="2" />
        {STRONG.map(([x, y, width]) => (
          <rect key={`${x}-${y}`} className="d-strong" x={x} y={y} width={width} height="10" rx="5" />
        ))}
        {PALE.map(([x, y, width]) => (
          <rect key={`${x}-${y}`} className="d-pale" x={x} y={y} width={width} height="10" rx="5" />
        ))}
        <rect className="d-ground" x="36" y="258" width="488" height="74" rx="8" />
        <text className="d-ink2" x="58" y="305" fontSize="24">
          {words.due}
        </text>
        <text className="d-ink" x="502" y="308" textAnchor="end" fontWeight="700" fontSize="32">
          {words.amount}
        </text>
        <path
          className="d-dashes"
          d="M36 362h488"
          strokeWidth="3"
          strokeDasharray="3 9"
          strokeLinecap="round"
        />
      </g>
      <path className="d-beam" d="M386 748L364 594h216L558 748z" fill="url(#beam)" />
      <g transform="translate(380 394)">
        <rect className="d-frame" x="-16" y="-16" width="216" height="216" rx="18" strokeWidth="8" />
        <svg width="184" height="184" viewBox="0 0 29 29" shapeRendering="crispEdges" aria-hidden="true">
          <path className="d-code" d={SAMPLE_CODE} />
        </svg>
      </g>
      <path className="d-pointer" d="M364 484H300" strokeWidth="4" />
      <circle className="d-dot" cx="296" cy="484" r="9" />
      <g fontSize="32" textAnchor="end">
        <text className="d-beside" x="270" y="452" fontWeight="700">
          {words.callout[0]}
        </text>
        <text className="d-beside" x="270" y="494">
          {words.callout[1]}
        </text>
        <text className="d-beside" x="270" y="536">
          {words.callout[2]}
        </text>
      </g>
      <g transform="translate(284 728)">
        <rect className="d-device" width="376" height="64" rx="18" />
        <rect x="92" y="14" width="192" height="14" rx="7" fill="#5FB0FF" />
        <rect x="112" y="18" width="152" height="6" rx="3" fill="#DDF0FF" />
      </g>
    </svg>
  );
}
