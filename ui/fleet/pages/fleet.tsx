import { Overview } from '@jolly/contracts/fleet-api';
import type { ReactNode } from 'react';
import { type Live, useLive } from '../api/use-live.ts';
import { money } from '../format.ts';
import { t } from '../messages/index.ts';
import { Empty } from '../parts/panel.tsx';
import { Calls } from './calls.tsx';
import { ToDo } from './items.tsx';
import { Match } from './match.tsx';
import { PaymentsHealth } from './payments-health.tsx';
import { Terminals } from './terminals.tsx';

function Figure({ value, of, label }: { value: ReactNode; of?: string; label: string }) {
  return (
    <div className="figure">
      <p>
        <strong>{value}</strong>
        {of === undefined ? null : <span>{of}</span>}
      </p>
      <p>{label}</p>
    </div>
  );
}

export function useOverview(): Live<Overview> {
  return useLive('overview', Overview);
}

/** The first page: how the terminals are, how payments go, what a person must do, whether the day balances. */
export function FleetPage({ overview }: { overview: Overview | undefined }) {
  if (!overview) return <Empty>{t('loading')}</Empty>;
  const inService = overview.terminals.filter(
    (row) => row.state === 'in-service' || row.state === 'attention',
  ).length;
  return (
    <>
      <Calls />
      <div className="figures">
        <Figure
          value={inService}
          of={t('figure.of', { n: overview.terminals.length })}
          label={t('figure.inService')}
        />
        <Figure value={overview.paymentsToday} label={t('figure.payments', { n: overview.paymentsToday })} />
        <Figure value={money(overview.collectedTodayCents)} label={t('figure.collected')} />
        <Figure
          value={overview.pendingOutcomes}
          label={t('figure.pending', { n: overview.pendingOutcomes })}
        />
        <Figure value={overview.openItems} label={t('figure.items', { n: overview.openItems })} />
      </div>
      <div className="columns">
        <div>
          <PaymentsHealth overview={overview} />
          <ToDo />
        </div>
        <div>
          <Terminals overview={overview} />
          <Match day={overview.day} choose={false} key={overview.day} />
        </div>
      </div>
    </>
  );
}
