import type { ReactNode } from 'react';

/** How far things are: outline, fill, name and value; never only a spinner. */
export function ProgressBar({ label, done, of }: { label: string; done: number; of: number }) {
  const share = of > 0 ? Math.max(0, Math.min(1, done / of)) : 0;
  const percent = Math.round(share * 100);
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span className="bar__fill" style={{ inlineSize: `${percent}%` }} />
    </div>
  );
}

/** What the terminal is doing, in bold, and the time left in words at its end; the bar or more lines under it. */
export function WaitingSheet({
  what,
  left,
  children,
}: {
  readonly what: string;
  readonly left?: string | undefined;
  readonly children?: ReactNode;
}) {
  return (
    <section className="sheet waiting" data-testid="waiting">
      <div className="waiting__head">
        <p className="waiting__what" aria-live="polite">
          {what}
        </p>
        {left && <p className="waiting__left">{left}</p>}
      </div>
      {children}
    </section>
  );
}
