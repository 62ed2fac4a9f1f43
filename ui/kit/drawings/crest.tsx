/** Stand-in for the municipality's crest, 64 × 80: never under 48 px, never recoloured but for the contrast themes. */
export function Crest({
  height = 80,
  onNight = false,
}: {
  readonly height?: number;
  readonly onNight?: boolean;
}) {
  const metal = onNight ? 'var(--brass-light)' : 'var(--brass)';
  return (
    <svg
      className="crest"
      width={(height * 64) / 80}
      height={height}
      viewBox="0 0 64 80"
      aria-hidden="true"
      focusable="false"
    >
      <path d="M12 20V8h7v5h5V6h16v7h5V8h7v12z" fill={metal} />
      <path d="M12 20h40v4H12z" fill={metal} />
      <path d="M23 12h3v5h-3zM30.5 10h3v7h-3zM38 12h3v5h-3z" fill="var(--crest-paper)" />
      <path
        d="M8 28h48v24c0 13-12 21-24 25C20 73 8 65 8 52z"
        fill="var(--crest-paper)"
        stroke="var(--crest-edge)"
        strokeWidth="3"
      />
      <path className="crest__field" d="M9.5 29.500H32V75C20 71 9.5 64 9.5 52z" fill="var(--crest-field)" />
      <path
        className="crest__charge"
        d="M44 36c2.5 3 2.5 6 0 9-2.5-3-2.5-6 0-9zm0 9c0 6-6 6-6 1 0-3 3-4 4-1.500M44 45c0 6 6 6 6 1 0-3-3-4-4-1.500M40 52h8M44 52v10"
        fill="none"
        stroke={metal}
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  );
}
