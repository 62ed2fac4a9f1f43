import type { Overview, TerminalRow } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { ago } from '../format.ts';
import { t, word } from '../messages/index.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { type SignKind, Status } from '../parts/sign.tsx';
import { terminalSign, terminalWords } from '../parts/words.ts';

const order: Readonly<Record<TerminalRow['state'], number>> = {
  stopped: 0,
  attention: 1,
  maintenance: 2,
  'in-service': 3,
};

const deviceSign = (state: string): SignKind => {
  if (state === 'ready' || state === 'busy') return 'good';
  if (state === 'starting') return 'none';
  return state === 'unavailable' || state === 'fault' ? 'bad' : 'warn';
};

function Devices({ row, now }: { row: TerminalRow; now: number }) {
  const devices = row.report?.devices ?? [];
  return (
    <section className="devices" aria-label={t('terminals.devices', { terminal: row.terminalId })}>
      <h3>{t('terminals.devices', { terminal: row.terminalId })}</h3>
      <ul>
        {devices.map((device) => (
          <li key={device.role}>
            <strong>{t(`device.${device.role}`)}</strong>
            <Status kind={deviceSign(device.state)}>{t(`device.state.${device.state}`)}</Status>
            <span className="quiet">
              {device.reasons.map((reason) => word('reason', reason.replace(/:.*/, ''))).join(', ') ||
                ago(device.since, now)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The terminals, worst first; a row opens its devices. */
export function Terminals({ overview }: { overview: Overview }) {
  const [open, setOpen] = useState<string | undefined>(undefined);
  const rows = [...overview.terminals].sort(
    (a, b) => order[a.state] - order[b.state] || a.terminalId.localeCompare(b.terminalId),
  );
  const chosen = rows.find((row) => row.terminalId === open) ?? rows[0];
  return (
    <Panel title={t('terminals.title')} note={t('terminals.order')}>
      {rows.length === 0 ? (
        <Empty>{t('terminals.none')}</Empty>
      ) : (
        <div className="scroll">
          <table>
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
            <tbody>
              {rows.map((row) => (
                <tr
                  key={row.terminalId}
                  aria-current={row === chosen ? 'true' : undefined}
                  data-testid="terminal-row"
                >
                  <th scope="row">
                    <button type="button" className="row-button" onClick={() => setOpen(row.terminalId)}>
                      {row.terminalId}
                    </button>
                  </th>
                  <td>{row.site}</td>
                  <td>
                    <Status kind={terminalSign[row.state]}>{terminalWords(row)}</Status>
                  </td>
                  <td className="end">{row.paymentsToday}</td>
                  <td>{row.software ?? '–'}</td>
                  <td className="end">{ago(row.lastSeenAt, overview.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen?.report ? <Devices row={chosen} now={overview.at} /> : null}
    </Panel>
  );
}
