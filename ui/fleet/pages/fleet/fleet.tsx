import { type AlertPage, FleetMap as MapData, type Overview } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { type Live, useLive } from '../../api/use-live.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { FleetMap } from '../../map/fleet-map.tsx';
import { useMay, useMe } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { hashOf } from '../../route.ts';
import { Calls } from '../calls.tsx';
import { Figures } from './figures.tsx';
import { TerminalTable, useFleetPage } from './terminal-table.tsx';
import { ToDo } from './to-do.tsx';

/** 15,000 points are three quarters of a megabyte: read less often than a handful. */
const MAP_EVERY_MS = 2_000;

/** The first page: how many serve, where they are, what to do now, each of them worst first. */
export function FleetPage({
  overview,
  alerts,
}: {
  readonly overview: Overview | undefined;
  readonly alerts: Live<AlertPage>;
}) {
  const me = useMe();
  const may = useMay();
  const [search, setSearch] = useState('');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const fleet = useFleetPage(search);
  const [many, setMany] = useState(false);
  const map = useLive('fleet/map', MapData, {
    topics: ['terminals', 'enrolments'],
    every: many ? MAP_EVERY_MS * 5 : MAP_EVERY_MS,
  });
  if (map.data !== undefined && map.data.points.length > 2_000 !== many) setMany(!many);
  const counts = fleet.counts;
  const total = counts === undefined ? undefined : Object.values(counts).reduce((sum, n) => sum + n, 0);
  return (
    <>
      <TopBar
        primary={
          may('enrolment.write') ? (
            <a className="button primary" href={hashOf('add')}>
              <Icon name="plus" />
              {t('nav.add')}
            </a>
          ) : null
        }
        title={me.tenantName}
        beside={
          total === undefined ? undefined : <span className="tag">{t('terminals.count', { n: total })}</span>
        }
      >
        <label className="search">
          <Icon name="search" />
          <span className="unseen">{t('fleet.search')}</span>
          <input
            type="search"
            placeholder={t('fleet.search')}
            value={search}
            maxLength={80}
            data-search
            onChange={(event) => setSearch(event.target.value)}
          />
          <kbd>/</kbd>
        </label>
      </TopBar>
      <main className="fleet-page">
        {may('calls.answer') ? <Calls /> : null}
        <Figures counts={counts} overview={overview} openAlerts={alerts.data?.rows.length} />
        <div className="fleet-columns">
          <div className="fleet-side">
            {map.data === undefined ? (
              <div className="map map-waits" aria-hidden="true" />
            ) : (
              <FleetMap map={map.data} selected={selected} />
            )}
            <ToDo alerts={alerts.data} />
          </div>
          <TerminalTable fleet={fleet} search={search} select={setSelected} />
        </div>
      </main>
    </>
  );
}
