import { Alert, AlertPage } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { dayTime } from '../../format.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { useMay } from '../../me.ts';
import { t, word } from '../../messages/index.ts';
import { Lasting } from '../../parts/age.tsx';
import { alertOrder, alertSign, alertTitle, alertWhy, nextAct } from '../../parts/alert-words.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Sign, Status } from '../../parts/sign.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { hashOf } from '../../route.ts';
import { EscalationForm } from './escalation.tsx';
import { Maintenance } from './maintenance.tsx';

const PARTS = ['open', 'acknowledged', 'healed', 'maintenance', 'rules'] as const;
type Part = (typeof PARTS)[number];

/** Alerts by where they stand, works that keep them still, who is told. */
export function AlertsPage({ part: wanted }: { part: string | undefined }) {
  const may = useMay();
  const part: Part = PARTS.find((each) => each === wanted) ?? 'open';
  const shown = PARTS.filter((each) => each !== 'rules' || may('integrations.write'));
  return (
    <>
      <TopBar title={t('nav.alerts')} />
      <main>
        <Tabs
          label={t('nav.alerts')}
          tabs={shown.map((each) => ({
            label: t(`alerts.part.${each}`),
            to: each === 'open' ? ['alerts'] : ['alerts', each],
          }))}
          now={shown.indexOf(part)}
        />
        {part === 'maintenance' ? (
          <Maintenance />
        ) : part === 'rules' && may('integrations.write') ? (
          <EscalationForm />
        ) : (
          <AlertList state={part === 'rules' ? 'open' : part} key={part} />
        )}
      </main>
    </>
  );
}

function AlertList({ state }: { state: Alert['state'] }) {
  const [after, setAfter] = useState<readonly string[]>([]);
  const last = after.at(-1);
  const query = `alerts?state=${state}${last === undefined ? '' : `&after=${encodeURIComponent(last)}`}`;
  const page = useLive(query, AlertPage, { topics: ['alerts'] });
  const [asked, setAsked] = useState<Alert | undefined>(undefined);
  const rows = page.data?.rows ?? [];
  // what is open stands worst first; what is past as it came
  const sorted = state === 'healed' ? rows : [...rows].sort(alertOrder);
  const next = page.data?.next;
  return (
    <Panel
      title={t(`alerts.part.${state}`)}
      note={page.data === undefined ? undefined : String(rows.length)}
      className="alerts-panel"
    >
      {page.error && !page.data ? <Failure error={page.error} /> : null}
      {sorted.length === 0 ? (
        <Empty>{t(page.data === undefined ? 'loading' : `alerts.none.${state}`)}</Empty>
      ) : (
        <ul className="alert-list">
          {sorted.map((alert) => (
            <AlertRow key={alert.alertId} alert={alert} acknowledge={() => setAsked(alert)} />
          ))}
        </ul>
      )}
      {after.length > 0 || next !== undefined ? (
        <nav className="pager" aria-label={t('pager')}>
          <button
            type="button"
            className="button"
            disabled={after.length === 0}
            onClick={() => setAfter(after.slice(0, -1))}
          >
            {t('pager.previous')}
          </button>
          <button
            type="button"
            className="button"
            disabled={next === undefined}
            onClick={() => next !== undefined && setAfter([...after, next])}
          >
            {t('pager.next')}
          </button>
        </nav>
      ) : null}
      {asked ? (
        <Acknowledge
          alert={asked}
          close={() => setAsked(undefined)}
          done={() => {
            setAsked(undefined);
            page.reload();
          }}
        />
      ) : null}
    </Panel>
  );
}

function AlertRow({ alert, acknowledge }: { alert: Alert; acknowledge: () => void }) {
  const may = useMay();
  const next = nextAct(alert);
  const facts = [
    alert.site,
    alert.repeats > 0 ? t('alerts.repeats', { n: alert.repeats }) : undefined,
    alert.escalation > 0 ? t('alerts.escalated', { n: alert.escalation }) : undefined,
  ].filter((part) => part !== undefined);
  return (
    <li data-testid="alert-row" data-rule={alert.rule}>
      {alert.state === 'healed' ? <Sign kind="good" /> : <Sign kind={alertSign[alert.severity]} />}
      <div className="alert-words">
        <strong>
          <span className="unseen">{t(`alert.severity.${alert.severity}`)}: </span>
          {alertTitle(alert)}
        </strong>
        <span>{alertWhy(alert)}</span>
        {facts.length === 0 ? null : <span className="quiet">{facts.join(' · ')}</span>}
        {alert.acknowledgedAt === undefined ? null : (
          <span className="quiet">
            {t('alerts.taken', { who: alert.acknowledgedBy ?? '–', when: dayTime(alert.acknowledgedAt) })}
            {alert.note === undefined ? '' : ` · «${alert.note}»`}
          </span>
        )}
      </div>
      <span className="quiet age">
        {alert.healedAt === undefined ? (
          <Lasting since={alert.openedAt} />
        ) : (
          t('alerts.healedAt', { when: dayTime(alert.healedAt) })
        )}
      </span>
      <div className="buttons">
        {alert.state === 'open' && may('alerts.acknowledge') ? (
          <button type="button" className="button" onClick={acknowledge} data-testid="acknowledge">
            {t('alerts.take')}
          </button>
        ) : null}
        {alert.terminalId !== undefined && alert.state !== 'healed' ? (
          <a className="button" href={hashOf(...next.to)}>
            {next.label}
          </a>
        ) : null}
        {alert.state === 'acknowledged' ? (
          <Status kind="none">{word('alerts.state', alert.state)}</Status>
        ) : null}
      </div>
    </li>
  );
}

function Acknowledge({
  alert,
  close,
  done,
}: {
  readonly alert: Alert;
  readonly close: () => void;
  readonly done: () => void;
}) {
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note')).trim();
    void acting
      .run(() => send('POST', `alerts/${alert.alertId}/acknowledge`, note === '' ? {} : { note }, Alert))
      .then((went) => went && done());
  };
  return (
    <Dialog title={alertTitle(alert)} close={close}>
      <form className="stack" onSubmit={submit}>
        <p>{t('alerts.take.about')}</p>
        <Field label={t('alerts.note')} hint={t('alerts.note.hint')}>
          {(tied) => <input {...tied} name="note" maxLength={300} />}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t('alerts.take')}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
