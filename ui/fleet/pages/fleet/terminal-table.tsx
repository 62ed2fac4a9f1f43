import { FleetPage, type FleetRow, TerminalStanding } from '@jolly/contracts/fleet-api';
import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { type Live, useLive } from '../../api/use-live.ts';
import { t } from '../../messages/index.ts';
import { Age } from '../../parts/age.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/sign.tsx';
import { terminalSign, terminalWords } from '../../parts/words.ts';
import { go, hashOf } from '../../route.ts';

const PAGE = 50;

interface Paging {
  readonly live: Live<FleetPage>;
  readonly counts: FleetPage['counts'] | undefined;
  readonly state: TerminalStanding | undefined;
  /** Cursors of the pages before the shown one. */
  readonly before: readonly string[];
  show(state: TerminalStanding | undefined): void;
  next(): void;
  previous(): void;
}

/** One page of the terminals as the server sorts and filters them: worst first, searched in id, place and street. */
export function useFleetPage(search: string): Paging {
  const wanted = useDeferredValue(search.trim());
  const [asked, setAsked] = useState<{
    readonly search: string;
    readonly state: TerminalStanding | undefined;
    readonly cursors: readonly string[];
  }>({ search: '', state: undefined, cursors: [] });
  // another question begins at its first page
  const cursors = asked.search === wanted ? asked.cursors : [];
  const { state } = asked;
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (wanted !== '') query.set('search', wanted);
  if (state !== undefined) query.set('state', state);
  const after = cursors.at(-1);
  if (after !== undefined) query.set('after', after);
  const live = useLive(`fleet?${query}`, FleetPage, {
    topics: ['terminals', 'payments', 'alerts', 'enrolments'],
  });
  return {
    live,
    counts: live.data?.counts,
    state,
    before: cursors,
    show: (chosen) => setAsked({ search: wanted, state: chosen, cursors: [] }),
    next: () => {
      const next = live.data?.next;
      if (next !== undefined) setAsked({ search: wanted, state, cursors: [...cursors, next] });
    },
    previous: () => setAsked({ search: wanted, state, cursors: cursors.slice(0, -1) }),
  };
}

const filters: readonly (TerminalStanding | undefined)[] = [undefined, ...TerminalStanding.options];

function Filters({ fleet }: { fleet: Paging }) {
  const counts = fleet.counts;
  const all = Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);
  return (
    <fieldset className="chips">
      <legend className="unseen">{t('terminals.filter')}</legend>
      {filters.map((state) => {
        const n = state === undefined ? all : (counts?.[state] ?? 0);
        // a state that nobody is in has nothing to offer, unless it is what is shown
        if (state !== undefined && (n === 0 || state === 'in-service') && fleet.state !== state) return null;
        return (
          <button
            key={state ?? 'all'}
            type="button"
            className={`chip chip-${state === undefined ? 'all' : terminalSign[state]}`}
            aria-pressed={fleet.state === state}
            onClick={() => fleet.show(state)}
          >
            {t(state === undefined ? 'filter.all' : `filter.${state}`)} {n}
          </button>
        );
      })}
    </fieldset>
  );
}

function Row({
  row,
  now,
  reachable,
  chosen,
}: {
  readonly row: FleetRow;
  readonly now: number;
  readonly reachable: boolean;
  readonly chosen: (id: string) => void;
}) {
  return (
    // who uses keys has the link in it
    <tr
      data-testid="terminal-row"
      className="opens"
      onClick={(event) => {
        if (!(event.target instanceof Element && event.target.closest('a'))) go('terminal', row.terminalId);
      }}
      onPointerEnter={() => chosen(row.terminalId)}
    >
      <th scope="row">
        <a
          href={hashOf('terminal', row.terminalId)}
          className="row-link"
          tabIndex={reachable ? 0 : -1}
          onFocus={() => chosen(row.terminalId)}
        >
          {row.terminalId}
        </a>
      </th>
      <td className="wide-cell">{row.site}</td>
      <td>
        <Status kind={terminalSign[row.state]}>{terminalWords(row, now)}</Status>
        {row.inSession ? <span className="in-session">{t('terminals.inSession')}</span> : null}
      </td>
      <td className="end">{row.state === 'maintenance' ? '–' : row.paymentsToday}</td>
      <td>{row.software ?? '–'}</td>
      <td className="end quiet">
        <Age at={row.lastSeenAt} />
      </td>
    </tr>
  );
}

export function TerminalTable({
  fleet,
  search,
  select,
}: {
  readonly fleet: Paging;
  readonly search: string;
  readonly select: (id: string | undefined) => void;
}) {
  const { live } = fleet;
  const rows = live.data?.rows;
  const body = useRef<HTMLTableSectionElement>(null);
  const [at, setAt] = useState<string | undefined>(undefined);
  const reachable = rows?.find(({ terminalId }) => terminalId === at)?.terminalId ?? rows?.[0]?.terminalId;
  const chosen = (id: string) => {
    setAt(id);
    select(id);
  };
  useSearchKey();
  const keys = (event: KeyboardEvent) => {
    const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('.row-link') ?? [])];
    const here = links.indexOf(document.activeElement as HTMLAnchorElement);
    const there = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key];
    if (there === undefined || here < 0) return;
    event.preventDefault();
    links[there]?.focus();
  };
  return (
    <Panel
      title={t('terminals.title')}
      note={t('terminals.order')}
      aside={<Filters fleet={fleet} />}
      className="terminals"
    >
      {live.error && rows === undefined ? (
        <div className="panel-body">
          <Failure error={live.error} />
        </div>
      ) : null}
      {rows?.length === 0 ? (
        <Empty>
          {t(search === '' && fleet.state === undefined ? 'terminals.none' : 'terminals.notFound')}
        </Empty>
      ) : (
        <div className="scroll">
          <table aria-busy={rows === undefined} onKeyDown={keys}>
            <caption className="unseen">{t('terminals.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('terminals.code')}</th>
                <th scope="col">{t('terminals.site')}</th>
                <th scope="col">{t('terminals.state')}</th>
                <th scope="col" className="end">
                  {t('terminals.today')}
                </th>
                <th scope="col">{t('terminals.version')}</th>
                <th scope="col" className="end">
                  {t('terminals.contact')}
                </th>
              </tr>
            </thead>
            <tbody ref={body} onPointerLeave={() => select(undefined)}>
              {rows === undefined
                ? [1, 2, 3].map((line) => (
                    <tr key={line} className="busy-row">
                      <td colSpan={6}>
                        <span />
                      </td>
                    </tr>
                  ))
                : rows.map((row) => (
                    <Row
                      key={row.terminalId}
                      row={row}
                      now={live.data?.at ?? Date.now()}
                      reachable={row.terminalId === reachable}
                      chosen={chosen}
                    />
                  ))}
            </tbody>
          </table>
        </div>
      )}
      {fleet.before.length > 0 || live.data?.next !== undefined ? (
        <nav className="pager" aria-label={t('pager')}>
          <button
            type="button"
            className="button"
            disabled={fleet.before.length === 0}
            onClick={fleet.previous}
          >
            {t('pager.previous')}
          </button>
          <span>{t('pager.page', { n: fleet.before.length + 1 })}</span>
          <button
            type="button"
            className="button"
            disabled={live.data?.next === undefined}
            onClick={fleet.next}
          >
            {t('pager.next')}
          </button>
        </nav>
      ) : null}
    </Panel>
  );
}

/** `/` goes to the search, from there ArrowDown goes to the first terminal. */
function useSearchKey(): void {
  useEffect(() => {
    const keys = (event: globalThis.KeyboardEvent) => {
      const from = event.target;
      const search = document.querySelector<HTMLInputElement>('[data-search]');
      if (from === search && event.key === 'ArrowDown') {
        event.preventDefault();
        document.querySelector<HTMLAnchorElement>('.row-link')?.focus();
        return;
      }
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (from instanceof Element && from.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      search?.focus();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
}
