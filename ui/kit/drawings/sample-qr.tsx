import { SAMPLE_CODE } from './sample-code.ts';

/** The leaning sheet with a code in the home page's blue card. */
export function SampleQr() {
  return (
    <svg
      className="sample-qr"
      viewBox="-4 -4 37 37"
      shapeRendering="geometricPrecision"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="-4" y="-4" width="37" height="37" rx="2.5" fill="#fff" />
      <path d={SAMPLE_CODE} fill="#14263B" />
    </svg>
  );
}
