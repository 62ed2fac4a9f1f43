import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A sheet of the console: title, one quiet note beside it, content. */
export function Panel({ title, note, aside, children, className }: PanelProps) {
  return (
    <section className={`panel ${className ?? ''}`} aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        {note === undefined ? null : <p>{note}</p>}
        {aside === undefined ? null : <div className="panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}
