import type { ReactNode } from 'react';
import { useConnected, useReadAt } from '../api/freshness.ts';
import { changedAll } from '../api/stream.ts';
import { time } from '../format.ts';
import { t } from '../messages/index.ts';
import { Icon } from '../parts/icon.tsx';

/** Title of the page, what it is about, its acts. Every page has one, so the heading is always in the same place. */
export function TopBar({
  title,
  back,
  beside,
  children,
  primary,
}: {
  readonly title: string;
  readonly back?: { readonly href: string; readonly label: string } | undefined;
  readonly beside?: ReactNode;
  readonly children?: ReactNode;
  /** The one act of the page, last. */
  readonly primary?: ReactNode;
}) {
  return (
    <header className="top-bar">
      {back === undefined ? null : (
        <a className="back" href={back.href}>
          <Icon name="arrow-left" />
          {back.label}
        </a>
      )}
      <h1 tabIndex={-1}>{title}</h1>
      {beside}
      <div className="top-acts">
        {children}
        <Updated />
        {primary}
      </div>
    </header>
  );
}

/** When the page last heard from the server; a press reads everything again. */
function Updated() {
  const at = useReadAt();
  return (
    <button type="button" className="button updated" onClick={changedAll} data-testid="updated">
      <Icon name="refresh" />
      {at === undefined ? t('loading') : t('updated', { time: time(at) })}
    </button>
  );
}

/** The stream is gone: what is shown may be old, and the page says so over everything. */
export function StaleBanner() {
  const connected = useConnected();
  const at = useReadAt();
  return (
    <div role="status" className="stale-place">
      {connected ? null : (
        <p className="stale-banner" data-testid="stale-banner">
          <Icon name="error" />
          {t('stale', { time: at === undefined ? '–' : time(at) })}
        </p>
      )}
    </div>
  );
}
