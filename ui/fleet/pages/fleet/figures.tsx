import type { FleetPage, Overview } from '@jolly/contracts/fleet-api';
import type { ReactNode } from 'react';
import { sum } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { type SignKind, Status } from '../../parts/sign.tsx';

function Figure({
  value,
  of,
  children,
}: {
  readonly value: ReactNode;
  readonly of?: string | undefined;
  readonly children: ReactNode;
}) {
  return (
    <div className="figure">
      <p>
        <strong>{value}</strong>
        {of === undefined ? null : <span>{of}</span>}
      </p>
      <p>{children}</p>
    </div>
  );
}

const calm = (n: number, otherwise: SignKind): SignKind => (n === 0 ? 'good' : otherwise);

/** Five figures. Who may not see money sees the terminals by state. */
export function Figures({
  counts,
  overview,
  openAlerts,
}: {
  readonly counts: FleetPage['counts'] | undefined;
  readonly overview: Overview | undefined;
  readonly openAlerts: number | undefined;
}) {
  const of = (state: keyof FleetPage['counts']) => counts?.[state] ?? 0;
  const total = Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
  const waits = counts === undefined;
  const serving = of('in-service') + of('attention');
  const alerts = openAlerts ?? 0;
  return (
    <div className="figures" data-testid="figures">
      <Figure value={waits ? '–' : serving} of={waits ? undefined : t('figure.of', { n: total })}>
        <Status kind={waits || serving === 0 ? 'none' : 'good'}>{t('figure.inService')}</Status>
      </Figure>
      {overview === undefined ? (
        <>
          <Figure value={waits ? '–' : of('attention')}>
            <Status kind={calm(of('attention'), 'warn')}>{t('figure.attention')}</Status>
          </Figure>
          <Figure value={waits ? '–' : of('stopped')}>
            <Status kind={calm(of('stopped'), 'bad')}>{t('figure.stopped')}</Status>
          </Figure>
          <Figure value={waits ? '–' : of('maintenance')}>
            <Status kind="none">{t('figure.maintenance')}</Status>
          </Figure>
        </>
      ) : (
        <>
          <Figure value={overview.paymentsToday}>
            {t('figure.payments', { n: overview.paymentsToday })}
          </Figure>
          <Figure value={sum(overview.collectedTodayCents)}>
            {t('figure.collected', { n: overview.pendingOutcomes })}
          </Figure>
          <Figure value={overview.openItems}>{t('figure.items', { n: overview.openItems })}</Figure>
        </>
      )}
      <Figure value={openAlerts ?? '–'}>
        <Status kind={calm(alerts, 'warn')}>{t('figure.alerts', { n: alerts })}</Status>
      </Figure>
    </div>
  );
}
