export interface CardSceneWords {
  /** Printed on the identity card, as on the real one. */
  readonly republic: string;
  readonly idCard: string;
  readonly healthCard: string;
}

/** Lines of the card's ground, as its fine print looks from afar. */
const WAVES = [60, 82, 104, 126, 148, 170, 192, 214, 236];
const STARS = Array.from({ length: 12 }, (_, at) => (at * Math.PI) / 6);

/**
 * The reader and how a card goes to it, isometric: the identity card flat on top with its photo up, the health card into
 * the slot at the front with its chip first. `laid`: it lies there and nothing moves; `lifted`: it goes away. With neither card
 * it is the reader alone: which card lies there is not known yet.
 */
export function CardScene({
  words,
  cie,
  cns,
  slot = cns,
  state,
}: {
  readonly words: CardSceneWords;
  readonly cie: boolean;
  readonly cns: boolean;
  /** A health card is taken here, even if none is drawn. */
  readonly slot?: boolean;
  readonly state: 'near' | 'laid' | 'lifted';
}) {
  return (
    <svg
      className="drawing drawing--card"
      viewBox={slot ? '-40 -8 1000 650' : '0 -8 952 600'}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden="true"
      focusable="false"
    >
      <g transform="translate(126 0)">
        <path className="d-shadow" d="M60 430L350 330 640 430 350 552z" transform="translate(0 20)" />
        <g transform="translate(0 -26)">
          <path
            className="d-device2"
            d="M40 418v40c0 12 8 20 18 25l276 128c10 4 22 4 32 0l276 -128c10 -5 18 -13 18 -25v-40z"
          />
          <path
            className="d-device"
            d="M58 396L334 278c10 -4 22 -4 32 0l276 118c24 10 24 34 0 45L366 568c-10 4 -22 4 -32 0L58 441c-24 -11 -24 -35 0 -45z"
          />
          <path className="d-place" d="M350 322l208 92 -208 94 -208 -94z" />
          <g className="d-call" transform="matrix(.92 .40 -.92 .40 350 356)">
            <path d="M42 42a46 46 0 0 1 40 40M42 8a80 80 0 0 1 74 74M42 76a12 12 0 0 1 6 6" />
          </g>
        </g>
        {slot && <path className="d-slot-line" d="M98 457L262 533" />}
        {cns && (
          <g transform="matrix(.93 .42 -.93 .395 186 491)">
            <HealthCard label={words.healthCard} />
            {state !== 'laid' && (
              <path
                className="d-way"
                d={state === 'near' ? 'M150 190V92M126 116l24 -24 24 24' : 'M150 92V190M126 166l24 24 24 -24'}
              />
            )}
          </g>
        )}
        {cie && (
          <g transform={`matrix(.93 .395 -.93 .395 282 ${state === 'laid' ? 236 : 6})`}>
            <IdentityCard words={words} />
          </g>
        )}
        {cie && state === 'lifted' && (
          <path className="d-way" d="M690 330V150M650 190l40 -42 40 42" strokeLinejoin="round" />
        )}
      </g>
    </svg>
  );
}

function IdentityCard({ words }: { readonly words: CardSceneWords }) {
  return (
    <>
      <rect className="d-card-edge" x="-2" y="14" width="404" height="258" rx="20" />
      <rect className="d-idcard" width="404" height="258" rx="20" />
      <g className="d-fine">
        {WAVES.map((y) => (
          <path key={y} d={`M0 ${y}C80 ${y - 40} 160 ${y + 50} 240 ${y} S360 ${y - 40} 404 ${y + 6}`} />
        ))}
      </g>
      <text className="d-primary" x="24" y="38" fontWeight="700" fontSize="19">
        {words.republic}
      </text>
      <text className="d-ink2" x="24" y="60" fontSize="15">
        {words.idCard}
      </text>
      <rect className="d-photo" x="24" y="80" width="104" height="136" rx="8" />
      <g className="d-face">
        <circle cx="76" cy="132" r="26" />
        <path d="M32 216c0 -62 88 -62 88 0z" />
      </g>
      <g className="d-strong">
        <rect x="150" y="92" width="80" height="8" rx="4" />
        <rect x="150" y="140" width="70" height="8" rx="4" />
        <rect x="150" y="188" width="90" height="8" rx="4" />
      </g>
      <g className="d-line">
        <rect x="150" y="110" width="150" height="10" rx="5" />
        <rect x="150" y="158" width="120" height="10" rx="5" />
        <rect x="150" y="206" width="160" height="10" rx="5" />
      </g>
      <rect className="d-chip" x="326" y="78" width="54" height="42" rx="8" />
      <path className="d-chip-lines" d="M326 99h54M353 78v42" strokeWidth="2" />
      <rect className="d-europe" x="330" y="20" width="50" height="33" rx="4" />
      <g className="d-stars">
        {STARS.map((turn) => (
          <circle key={turn} cx={355 + 11 * Math.cos(turn)} cy={36.5 + 11 * Math.sin(turn)} r="1.7" />
        ))}
      </g>
    </>
  );
}

/** Half in the slot: its chip has gone in. x along the slot, y away from the reader. */
function HealthCard({ label }: { readonly label: string }) {
  return (
    <>
      <rect className="d-card-edge" x="-78" y="12" width="156" height="170" rx="12" />
      <path
        className="d-health"
        d="M-78 0H78V160a14 14 0 0 1 -14 14H-64a14 14 0 0 1 -14 -14z"
        strokeLinejoin="round"
      />
      <path
        className="d-health2"
        d="M-78 96C-30 76 30 122 78 92V160a14 14 0 0 1 -14 14H-64a14 14 0 0 1 -14 -14z"
      />
      <rect className="d-chip" x="-22" y="6" width="44" height="46" rx="8" />
      <path className="d-chip-lines" d="M0 6v46M-22 29h44" strokeWidth="2" />
      <text className="d-white" transform="rotate(90 -52 20)" x="-52" y="20" fontWeight="700" fontSize="11">
        {label}
      </text>
    </>
  );
}
