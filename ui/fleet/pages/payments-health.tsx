import { type Overview, PaymentState } from '@jolly/contracts/fleet-api';
import { t } from '../messages/index.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { Status } from '../parts/sign.tsx';
import { paymentSign } from '../parts/words.ts';

/** What became of the payments of the last 24 hours, as a bar and as a list with the same numbers. */
export function PaymentsHealth({ overview }: { overview: Overview }) {
  const counts: Readonly<Record<string, number>> = overview.states;
  const rows = PaymentState.options
    .map((state) => ({ state, count: counts[state] ?? 0 }))
    .filter((row) => row.count > 0);
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  return (
    <Panel title={t('health.title')} note={t('health.period')}>
      {total === 0 ? (
        <Empty>{t('health.none')}</Empty>
      ) : (
        <>
          <div className="bar" aria-hidden="true">
            {rows.map((row) => (
              <span
                key={row.state}
                className={`bar-${paymentSign[row.state]}`}
                style={{ flexGrow: row.count }}
              />
            ))}
          </div>
          <ul className="counts" aria-label={t('health.table')}>
            {rows.map((row) => (
              <li key={row.state}>
                <Status kind={paymentSign[row.state]}>{t(`pay.state.${row.state}`)}</Status>
                <strong>{row.count}</strong>
              </li>
            ))}
          </ul>
          {overview.outcomeP95Ms === undefined ? null : (
            <p className="panel-foot">{t('health.p95', { ms: Math.round(overview.outcomeP95Ms) })}</p>
          )}
        </>
      )}
    </Panel>
  );
}
