import { type AlertPage, OperatorItem } from '@jolly/contracts/fleet-api';
import { z } from 'zod';
import { useLive } from '../../api/use-live.ts';
import { money } from '../../format.ts';
import { useMay } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Lasting } from '../../parts/age.tsx';
import { alertSign, alertTitle, alertWhy, nextAct } from '../../parts/alert-words.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Sign } from '../../parts/sign.tsx';
import { itemSign } from '../../parts/words.ts';
import { hashOf } from '../../route.ts';

const Items = z.array(OperatorItem);
const MOST = 4;

/** What stays open, the worst first, each with its likely next act; below, money that a person must settle. */
export function ToDo({ alerts }: { alerts: AlertPage | undefined }) {
  const may = useMay();
  const items = useLive('operator-items', Items, { topics: ['operator-items'], on: may('payments.read') });
  const open = alerts?.rows ?? [];
  const cases = (items.data ?? []).filter((item) => item.state !== 'closed');
  const count = open.length + cases.length;
  return (
    <Panel
      title={t('todo.title')}
      note={alerts === undefined ? undefined : String(count)}
      aside={<a href={hashOf('alerts')}>{t('todo.all')}</a>}
      className="todo-panel"
    >
      {count === 0 ? (
        <Empty>{alerts === undefined ? t('loading') : t('todo.none')}</Empty>
      ) : (
        <ul className="todo">
          {open.slice(0, MOST).map((alert) => {
            const next = nextAct(alert);
            return (
              <li key={alert.alertId} data-testid="todo-alert">
                <Sign kind={alertSign[alert.severity]} />
                <div>
                  <strong>{alertTitle(alert)}</strong>
                  <span className="quiet">{alertWhy(alert)}</span>
                </div>
                <span className="quiet age">
                  <Lasting since={alert.openedAt} />
                </span>
                {alert.state === 'acknowledged' ? (
                  <span className="taken">{t('alerts.takenBy', { who: alert.acknowledgedBy ?? '' })}</span>
                ) : (
                  <a className="button" href={hashOf(...next.to)}>
                    {next.label}
                  </a>
                )}
              </li>
            );
          })}
          {cases.slice(0, Math.max(1, MOST - open.length)).map((item) => (
            <li key={item.id}>
              <Sign kind={itemSign[item.state]} />
              <div>
                <strong>{t(`items.kind.${item.kind}`)}</strong>
                <span className="quiet">
                  {[item.terminalId, item.amountCents === undefined ? undefined : money(item.amountCents)]
                    .filter((part) => part !== undefined)
                    .join(' · ')}
                </span>
              </div>
              <span className="quiet age">
                <Lasting since={item.openedAt} />
              </span>
              <a className="button" href={hashOf('items')}>
                {t('todo.case')}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
