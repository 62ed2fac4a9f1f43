const KEYS = [292, 352, 412].flatMap((y) => [46, 126, 206].map((x) => [x, y] as const));

/** The payment reader with the amount on its display and a card coming near. */
export function ReaderDrawing({
  label,
  amount,
  prompt,
}: {
  readonly label: string;
  readonly amount: string;
  readonly prompt: string;
}) {
  return (
    <svg
      className="drawing drawing--reader"
      viewBox="0 40 952 452"
      preserveAspectRatio="xMidYMax meet"
      aria-hidden="true"
      focusable="false"
    >
      <g transform="translate(168 20)">
        <rect className="d-device" y="40" width="320" height="520" rx="44" />
        <rect className="d-device2" x="12" y="52" width="296" height="496" rx="34" />
        <rect className="d-display" x="36" y="84" width="248" height="176" rx="14" />
        <text className="d-ink2" x="160" y="132" textAnchor="middle" fontSize="24">
          {label}
        </text>
        <text
          className="d-ink"
          x="160"
          y="184"
          textAnchor="middle"
          fontWeight="700"
          fontSize={amount.length > 9 ? 34 : 46}
        >
          {amount}
        </text>
        <text className="d-primary" x="160" y="232" textAnchor="middle" fontSize="22">
          {prompt}
        </text>
        {KEYS.map(([x, y]) => (
          <rect key={`${x}-${y}`} className="d-key" x={x} y={y} width="68" height="46" rx="12" />
        ))}
        <circle cx="160" cy="375" r="4" fill="#C9D6E4" />
      </g>
      <g className="d-waves" fill="none" strokeWidth="10" strokeLinecap="round">
        <path d="M516 150a70 70 0 0 1 0 110" />
        <path d="M546 128a110 110 0 0 1 0 154" opacity=".6" />
      </g>
      <g transform="translate(574 132) rotate(-9)">
        <rect className="d-shadow" x="6" y="10" width="340" height="214" rx="22" />
        <rect className="d-card" width="340" height="214" rx="22" />
        <path
          className="d-card2"
          d="M0 150C100 120 200 190 340 110V192a22 22 0 0 1 -22 22H22a22 22 0 0 1 -22 -22z"
        />
        <rect className="d-chip" x="34" y="66" width="58" height="44" rx="8" />
        <path className="d-chip-lines" d="M34 88h58M63 66v44" strokeWidth="2.5" />
        <g fill="none" stroke="#fff" strokeWidth="5" strokeLinecap="round">
          <path d="M116 76a22 22 0 0 1 0 26M128 68a36 36 0 0 1 0 42M140 60a52 52 0 0 1 0 58" />
        </g>
        <g fill="#fff" opacity=".85">
          {[34, 104, 174, 244].map((x) => (
            <rect key={x} x={x} y="148" width="52" height="10" rx="5" />
          ))}
          <rect x="34" y="176" width="110" height="10" rx="5" opacity=".7" />
        </g>
      </g>
    </svg>
  );
}
