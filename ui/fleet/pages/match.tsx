import { DayMatch } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { z } from 'zod';
import { ApiError, act } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { dayOf, longDay, money, paymentCode, shortTime } from '../format.ts';
import { t, word } from '../messages/index.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';
import { matchSign } from '../parts/words.ts';

const Matches = z.array(DayMatch);

function Side({
  label,
  count,
  total,
  note,
  awaited = false,
}: {
  label: string;
  /** Not told yet: a zero would look like a difference. */
  awaited?: boolean;
  count: number;
  total: number;
  note?: string | undefined;
}) {
  return (
    <div className="side">
      <span className="quiet">{label}</span>
      <strong>{awaited ? '–' : money(total)}</strong>
      <span>{awaited ? t('match.awaited') : t('match.count', { n: count })}</span>
      {note === undefined ? null : <span className="quiet">{note}</span>}
    </div>
  );
}

function MatchCard({ match }: { match: DayMatch }) {
  const reported = match.pos.reportedTotalCents;
  const words =
    match.state === 'differences'
      ? t('match.differences', { n: match.differences.length })
      : t(match.state === 'balanced' ? 'match.balanced' : 'match.open');
  return (
    <article className="match" data-testid="day-match">
      <header>
        <strong>{match.terminalId}</strong>
        <Status kind={matchSign[match.state]}>{words}</Status>
        {match.sealedAt === undefined ? null : (
          <span className="quiet">{t('match.sealed', { time: shortTime(match.sealedAt) })}</span>
        )}
      </header>
      <div className="sides">
        <Side
          label={t('match.pos')}
          awaited={match.state === 'open'}
          count={match.pos.count}
          total={match.pos.totalCents}
          note={reported === undefined ? undefined : t('match.reported', { total: money(reported) })}
        />
        <Side label={t('match.outcomes')} count={match.outcomes.count} total={match.outcomes.totalCents} />
        <Side label={t('match.receipts')} count={match.receipts.count} total={match.receipts.totalCents} />
      </div>
      {match.differences.length === 0 ? null : (
        <ul className="differences" aria-label={t('match.detail')}>
          {match.differences.map((difference) => (
            <li key={`${difference.kind} ${difference.kioskPaymentId ?? ''} ${difference.detail}`}>
              <Status kind="bad">{word('match.kind', difference.kind)}</Status>
              <span className="quiet">{difference.detail}</span>
              {difference.kioskPaymentId === undefined ? null : (
                <code>{paymentCode(difference.kioskPaymentId)}</code>
              )}
              {difference.amountCents === undefined ? null : <strong>{money(difference.amountCents)}</strong>}
            </li>
          ))}
        </ul>
      )}
      {match.seal === undefined ? null : (
        <p className="panel-foot">
          {t('match.seal')} <code>{match.seal.slice(0, 16)}…</code>
        </p>
      )}
    </article>
  );
}

/** The day's three-way match: POS ↔ outcomes at the node ↔ receipts. */
export function Match({ day: initial, choose }: { day: string; choose: boolean }) {
  const [day, setDay] = useState(initial);
  const matches = useLive(`match/${day}`, Matches);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const seal = () => {
    act(`match/${day}/seal`, {}).then(
      () => {
        setFailure(undefined);
        matches.reload();
      },
      (error: unknown) => {
        const code = error instanceof ApiError ? error.code : String(error);
        setFailure(code === 'DAY_NOT_CLOSED' ? t('match.notClosed') : t('failed', { code }));
      },
    );
  };
  const rows = matches.data ?? [];
  return (
    <Panel
      title={t('match.title')}
      note={choose ? undefined : longDay(day)}
      aside={
        choose ? (
          <>
            <label className="field-inline">
              {t('match.day')}
              <input
                type="date"
                value={day}
                max={dayOf(Date.now())}
                onChange={(event) => event.target.value !== '' && setDay(event.target.value)}
              />
            </label>
            <a className="button" href={`/console/api/export/${day}.csv`} download>
              {t('match.export')}
            </a>
            <button type="button" className="button" onClick={seal}>
              {t('match.sealNow')}
            </button>
          </>
        ) : undefined
      }
    >
      {failure === undefined ? null : (
        <p role="alert" className="failure panel-foot">
          {failure}
        </p>
      )}
      {rows.length === 0 ? (
        <Empty>{matches.data === undefined ? t('loading') : t('match.none')}</Empty>
      ) : (
        rows.map((match) => <MatchCard key={match.terminalId} match={match} />)
      )}
    </Panel>
  );
}
