import { type TerminalDetail, TimelineEntry } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { z } from 'zod';
import { useLive } from '../../api/use-live.ts';
import { dayOf, longDay, shortTime } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Sign, type SignKind } from '../../parts/sign.tsx';
import { Hours } from './hours.tsx';
import { entryWhat, entryWhy } from './timeline-words.ts';

const Entries = z.array(TimelineEntry);
const DAY_MS = 86_400_000;

const signs: Readonly<Record<TimelineEntry['sign'], SignKind>> = {
  ok: 'good',
  warning: 'warn',
  stopped: 'bad',
  neutral: 'none',
};
const MOST = 60;

/** The day of one terminal, newest first, and how much it was used by hour. */
export function Timeline({ detail, now }: { detail: TerminalDetail; now: number }) {
  const today = dayOf(now);
  const [day, setDay] = useState(today);
  const [all, setAll] = useState(false);
  const path = `terminals/${encodeURIComponent(detail.row.terminalId)}/timeline?day=${day}`;
  const entries = useLive(path, Entries, {
    topics: ['terminals', 'alerts', 'commands', 'settings', 'payments'],
    every: 2_000,
  });
  const rows = entries.data ?? [];
  const other = (by: number) => {
    setAll(false);
    setDay(dayOf(Date.parse(`${day}T12:00:00Z`) + by * DAY_MS));
  };
  return (
    <Panel
      title={day === today ? t('timeline.today') : t('timeline.day')}
      note={longDay(day)}
      className="timeline-panel"
      aside={
        <div className="day-steps">
          <button
            type="button"
            className="icon-button"
            aria-label={t('timeline.before')}
            onClick={() => other(-1)}
          >
            <Icon name="arrow-left" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={t('timeline.after')}
            disabled={day >= today}
            onClick={() => other(1)}
          >
            <Icon name="arrow-right" />
          </button>
        </div>
      }
    >
      {rows.length === 0 ? (
        <Empty>{t(entries.data === undefined ? 'loading' : 'timeline.none')}</Empty>
      ) : (
        <ol className="timeline">
          {(all ? rows : rows.slice(0, MOST)).map((entry) => (
            <li key={`${entry.at} ${entry.kind} ${entry.what}`}>
              <time>{shortTime(entry.at)}</time>
              <Sign kind={signs[entry.sign]} />
              <div>
                <strong>{entryWhat(entry)}</strong>
                <span className="quiet">{entryWhy(entry)}</span>
              </div>
            </li>
          ))}
        </ol>
      )}
      {!all && rows.length > MOST ? (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {t('timeline.all', { n: rows.length })}
        </button>
      ) : null}
      <Hours today={detail.today} />
    </Panel>
  );
}
