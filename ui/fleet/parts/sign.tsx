import type { ReactNode } from 'react';

export type SignKind = 'good' | 'warn' | 'bad' | 'none';

const shapes: Readonly<Record<SignKind, ReactNode>> = {
  good: (
    <>
      <circle cx="12" cy="12" r="10" fill="currentColor" />
      <path d="M7.5 12.3l3 3 6-6.3" fill="none" stroke="var(--panel)" strokeWidth="2.2" />
    </>
  ),
  warn: (
    <>
      <path d="M12 2.5 22.5 21h-21Z" fill="currentColor" strokeLinejoin="round" />
      <path d="M12 9v6M12 17.2v1.6" stroke="var(--panel)" strokeWidth="2.2" />
    </>
  ),
  bad: (
    <>
      <rect x="2.5" y="2.5" width="19" height="19" rx="3" fill="currentColor" />
      <path d="m8 8 8 8m0-8-8 8" stroke="var(--panel)" strokeWidth="2.2" />
    </>
  ),
  none: (
    <circle
      cx="12"
      cy="12"
      r="9"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeDasharray="3.6 3"
    />
  ),
};

/** The shape alone, on the 24 grid: for drawings that bring their own `svg` and words. */
export function Shape({ kind }: { kind: SignKind }) {
  return shapes[kind];
}

/** The shape as a picture, where its word stands elsewhere. */
export function Sign({ kind }: { kind: SignKind }) {
  return (
    <svg className={`sign status-${kind}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapes[kind]}
    </svg>
  );
}

/** Shape, word and colour together: state never depends on colour alone. */
export function Status({ kind, children }: { kind: SignKind; children: ReactNode }) {
  return (
    <span className={`status status-${kind}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {shapes[kind]}
      </svg>
      <span>{children}</span>
    </span>
  );
}
