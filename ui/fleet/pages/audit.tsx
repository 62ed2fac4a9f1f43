import { type AuditLine, AuditPage as AuditRows } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { useLive } from '../api/use-live.ts';
import { dayTime } from '../format.ts';
import { TopBar } from '../frame/top-bar.tsx';
import { t, word } from '../messages/index.ts';
import { Failure } from '../parts/failure.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';

const detailOf = (line: AuditLine): string =>
  Object.entries(line.detail)
    .map(
      ([name, value]) => `${word('audit.detail', name)}: ${typeof value === 'string' ? said(value) : value}`,
    )
    .join(' · ');

function said(value: string): string {
  for (const prefix of ['command', 'role', 'layer', 'enrolment', 'alert']) {
    const found = word(prefix, value);
    if (found !== value) return found;
  }
  return value;
}

/** Who did what, newest first. Each line is sealed with the one before it: a line changed or taken out shows. */
export function AuditPage() {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const page = useLive(
    `audit${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    AuditRows,
    {
      topics: ['audit'],
    },
  );
  const rows = page.data?.rows;
  const next = page.data?.next;
  return (
    <>
      <TopBar
        title={t('nav.audit')}
        beside={
          page.data === undefined ? undefined : (
            <span className={`tag tag-${page.data.intact ? 'good' : 'bad'}`} data-testid="chain">
              <Status kind={page.data.intact ? 'good' : 'bad'}>
                {t(page.data.intact ? 'audit.intact' : 'audit.broken')}
              </Status>
            </span>
          )
        }
      >
        <a className="button" href="/console/api/audit.ndjson" download>
          <Icon name="download" />
          {t('audit.export')}
        </a>
      </TopBar>
      <main>
        {page.data?.intact === false ? <p className="note note-bad">{t('audit.broken.about')}</p> : null}
        <Panel title={t('audit.title')} note={t('audit.note')}>
          {page.error && !rows ? <Failure error={page.error} /> : null}
          {rows === undefined || rows.length === 0 ? (
            <Empty>{t(rows === undefined ? 'loading' : 'audit.none')}</Empty>
          ) : (
            <div className="scroll">
              <table className="audit-table">
                <caption className="unseen">{t('audit.title')}</caption>
                <thead>
                  <tr>
                    <th scope="col" className="end">
                      {t('audit.seq')}
                    </th>
                    <th scope="col">{t('audit.when')}</th>
                    <th scope="col">{t('audit.who')}</th>
                    <th scope="col">{t('audit.what')}</th>
                    <th scope="col">{t('audit.subject')}</th>
                    <th scope="col">{t('audit.seal')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((line) => (
                    <tr key={line.seq} data-testid="audit-line">
                      <td className="end">{line.seq}</td>
                      <td>{dayTime(line.at)}</td>
                      <th scope="row">{line.actor}</th>
                      <td className="wide-cell">
                        {word('audit.act', line.act)}
                        <span className="quiet block">{detailOf(line)}</span>
                      </td>
                      <td className="wide-cell">{line.subject}</td>
                      <td>
                        <code title={line.hash}>{line.hash.slice(0, 10)}…</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {cursors.length > 0 || next !== undefined ? (
            <nav className="pager" aria-label={t('pager')}>
              <button
                type="button"
                className="button"
                disabled={cursors.length === 0}
                onClick={() => setCursors(cursors.slice(0, -1))}
              >
                {t('pager.newer')}
              </button>
              <button
                type="button"
                className="button"
                disabled={next === undefined}
                onClick={() => next !== undefined && setCursors([...cursors, next])}
              >
                {t('pager.older')}
              </button>
            </nav>
          ) : null}
        </Panel>
      </main>
    </>
  );
}
