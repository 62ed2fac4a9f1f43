export interface ReceiptWords {
  readonly city: string;
  readonly heading: string;
  readonly reason: string;
  readonly amount: string;
  readonly feeLabel: string;
  readonly fee: string;
  readonly totalLabel: string;
  readonly total: string;
}

/** The slot with the paper coming out; the light is green and steady once it can be taken. */
export function ReceiptDrawing({ words, ready }: { readonly words: ReceiptWords; readonly ready: boolean }) {
  return (
    <svg className="drawing" viewBox="0 0 420 420" aria-hidden="true" focusable="false">
      <rect className="d-device" x="20" y="10" width="380" height="58" rx="20" />
      <rect className="d-slot" x="60" y="40" width="300" height="12" rx="6" />
      <path
        className="d-sheet"
        d="M76 46V404l14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 14 -10 14 10 16 -10V46z"
      />
      <rect className="d-shadow" x="76" y="46" width="270" height="16" />
      <g textAnchor="middle">
        <text className="d-ink" x="210" y="106" fontWeight="700" fontSize="24">
          {words.city}
        </text>
        <text className="d-ink2" x="210" y="136" fontSize="20">
          {words.heading}
        </text>
      </g>
      <path
        className="d-dashes"
        d="M104 158h212"
        strokeWidth="3"
        strokeDasharray="2 8"
        strokeLinecap="round"
      />
      <g fontSize="20">
        <text className="d-ink2" x="104" y="196">
          {words.reason}
        </text>
        <text className="d-ink2" x="104" y="226">
          {words.feeLabel}
        </text>
        <text className="d-ink" x="316" y="196" textAnchor="end">
          {words.amount}
        </text>
        <text className="d-ink" x="316" y="226" textAnchor="end">
          {words.fee}
        </text>
      </g>
      <path className="d-dashes" d="M104 244h212" strokeWidth="2" />
      <text className="d-ink" x="104" y="282" fontWeight="700" fontSize="26">
        {words.totalLabel}
      </text>
      <text className="d-ink" x="316" y="282" textAnchor="end" fontWeight="700" fontSize="26">
        {words.total}
      </text>
      {[150, 200, 120].map((width, row) => (
        <rect key={width} className="d-pale" x="104" y={308 + row * 22} width={width} height="10" rx="5" />
      ))}
      <circle cx="376" cy="56" r="12" fill={ready ? '#3FBF86' : '#FFC94D'} />
    </svg>
  );
}
