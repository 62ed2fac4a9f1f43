import { Icon } from '../icons/index.ts';
import { useWords } from '../messages/index.ts';

/** The names of a flow's steps with a bar each; it informs and is not touched. */
export function Stepper({ names, now }: { readonly names: readonly string[]; readonly now: number }) {
  const { t } = useWords();
  const current = names[now] ?? '';
  // PIN and PUK stay as they are written
  const spoken = current === current.toUpperCase() ? current : current.toLowerCase();
  const line = t('frame.step-of', { now: now + 1, all: names.length, name: spoken });
  return (
    <div className="steps" data-say={line}>
      <p className="steps__line">{line}</p>
      <ol className="steps__list" aria-label={t('frame.steps')}>
        {names.map((name, index) => (
          <li
            key={name}
            className={`step step--${index < now ? 'done' : index === now ? 'now' : 'next'}`}
            aria-current={index === now ? 'step' : undefined}
          >
            <span className="step__name">
              {index < now ? <Icon name="check" size={30} /> : <span>{index + 1}.</span>}
              <span>{name}</span>
              {index < now && <span className="unseen">{t('frame.step-done')}</span>}
            </span>
            <span className="step__bar" />
          </li>
        ))}
      </ol>
    </div>
  );
}

export interface ProgressLine {
  readonly id: string;
  readonly label: string;
  readonly state: 'done' | 'now' | 'next';
  /** Under "now": the remaining time in words. */
  readonly detail?: string | undefined;
}

/** Done, now, next as a list: nothing is faked, each change of "now" is spoken. */
export function LiveProgress({ lines, note }: { lines: readonly ProgressLine[]; note?: string | undefined }) {
  const current = lines.find((line) => line.state === 'now');
  return (
    <section className="sheet progress" data-testid="progress">
      <ol className="progress__list">
        {lines.map((line) => (
          <li
            key={line.id}
            className={`progress__line progress__line--${line.state}`}
            aria-current={line.state === 'now' ? 'step' : undefined}
          >
            <span className="progress__dot">{line.state === 'done' && <Icon name="check" size={40} />}</span>
            <span>
              <span className="progress__label">{line.label}</span>
              {line.state === 'now' && line.detail && <span className="progress__detail">{line.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      {note && <p className="progress__note">{note}</p>}
      <p className="unseen" aria-live="polite">
        {current?.label}
      </p>
    </section>
  );
}

const RADIUS = 167;
const ROUND = 2 * Math.PI * RADIUS;

/** The idle warning's ring: empties clockwise, one step a second. */
export function Countdown({ left, total, unit }: { left: number; total: number; unit: string }) {
  const share = Math.max(0, Math.min(1, left / Math.max(1, total)));
  return (
    <div className="countdown">
      <svg viewBox="0 0 360 360" width="360" height="360" aria-hidden="true" focusable="false">
        <circle className="countdown__track" cx="180" cy="180" r={RADIUS} />
        {share > 0 && (
          <circle
            className="countdown__left"
            cx="180"
            cy="180"
            r={RADIUS}
            strokeDasharray={`${share * ROUND} ${ROUND}`}
            transform="rotate(-90 180 180)"
          />
        )}
      </svg>
      <div className="countdown__words" aria-hidden="true">
        <span className="countdown__number">{left}</span>
        <span className="countdown__unit">{unit}</span>
      </div>
    </div>
  );
}
