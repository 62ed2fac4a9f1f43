import { MaintenanceWindow, MaintenanceWrite, Site } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { remove, send } from '../../api/client.ts';
import { serverNow } from '../../api/freshness.ts';
import { useAct } from '../../api/use-act.ts';
import { type Live, useLive } from '../../api/use-live.ts';
import { dayTime, localOf, zonedAt } from '../../format.ts';
import { useMay } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/sign.tsx';

const Windows = z.array(MaintenanceWindow);
const Sites = z.array(Site);
const HOUR_MS = 3_600_000;

/** Works: while they last, their terminals raise no alerts and stand as under maintenance. */
export function Maintenance() {
  const may = useMay();
  const windows = useLive('maintenance', Windows, { topics: ['alerts', 'terminals'] });
  const sites = useLive('sites', Sites, { topics: ['settings', 'enrolments'], every: 5_000 });
  const acting = useAct();
  const now = serverNow();
  const rows = [...(windows.data ?? [])].sort((one, other) => one.from - other.from);
  const where = (window: MaintenanceWindow): string => {
    const { scope } = window;
    if (scope.kind === 'terminal') return scope.terminalId;
    if (scope.kind === 'municipality') return t('maintenance.all');
    return sites.data?.find(({ siteId }) => siteId === scope.siteId)?.name ?? t('maintenance.site');
  };
  return (
    <div className="two-thirds">
      <Panel title={t('maintenance.title')} note={t('maintenance.note')}>
        {rows.length === 0 ? (
          <Empty>{t(windows.data === undefined ? 'loading' : 'maintenance.none')}</Empty>
        ) : (
          <ul className="alert-list">
            {rows.map((window) => (
              <li key={window.windowId}>
                <Status kind="none">
                  {t(window.from <= now && now < window.to ? 'maintenance.now' : 'maintenance.later')}
                </Status>
                <div className="alert-words">
                  <strong>{where(window)}</strong>
                  <span>{window.reason}</span>
                  <span className="quiet">
                    {dayTime(window.from)} – {dayTime(window.to)} · {window.by}
                  </span>
                </div>
                {may('maintenance.write') ? (
                  <div className="buttons">
                    <button
                      type="button"
                      className="button"
                      disabled={acting.busy}
                      onClick={() =>
                        void acting.run(() => remove(`maintenance/${window.windowId}`)).then(windows.reload)
                      }
                    >
                      {t(window.from <= now ? 'maintenance.end' : 'maintenance.cancel')}
                    </button>
                  </div>
                ) : null}
              </li>
            ))}
          </ul>
        )}
        <Failure error={acting.failure} />
      </Panel>
      {may('maintenance.write') ? <NewWindow windows={windows} sites={sites.data ?? []} /> : null}
    </div>
  );
}

function NewWindow({
  windows,
  sites,
}: {
  readonly windows: Live<MaintenanceWindow[]>;
  readonly sites: readonly Site[];
}) {
  const acting = useAct();
  const [kind, setKind] = useState<'municipality' | 'site' | 'terminal'>('terminal');
  const [now] = useState(serverNow);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const scope =
      kind === 'municipality'
        ? { kind }
        : kind === 'site'
          ? { kind, siteId: text('site') }
          : { kind, terminalId: text('terminal') };
    void acting
      .run(() =>
        send(
          'POST',
          'maintenance',
          MaintenanceWrite.parse({
            scope,
            from: zonedAt(text('from')),
            to: zonedAt(text('to')),
            reason: text('reason'),
          }),
          MaintenanceWindow,
        ),
      )
      .then((went) => {
        if (!went) return;
        element.reset();
        windows.reload();
      });
  };
  return (
    <Panel title={t('maintenance.new')}>
      <form className="panel-body stack" onSubmit={submit}>
        <Field label={t('maintenance.scope')}>
          {(tied) => (
            <select
              {...tied}
              value={kind}
              onChange={(event) => setKind(event.target.value as 'municipality' | 'site' | 'terminal')}
            >
              <option value="terminal">{t('maintenance.scope.terminal')}</option>
              <option value="site">{t('maintenance.scope.site')}</option>
              <option value="municipality">{t('maintenance.scope.municipality')}</option>
            </select>
          )}
        </Field>
        {kind === 'terminal' ? (
          <Field label={t('terminals.code')}>
            {(tied) => <input {...tied} name="terminal" required maxLength={40} />}
          </Field>
        ) : null}
        {kind === 'site' ? (
          <Field label={t('sites.one')}>
            {(tied) => (
              <select {...tied} name="site" required>
                {sites.map(({ siteId, name }) => (
                  <option key={siteId} value={siteId}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        <div className="pair">
          <Field label={t('maintenance.from')}>
            {(tied) => (
              <input {...tied} type="datetime-local" name="from" required defaultValue={localOf(now)} />
            )}
          </Field>
          <Field label={t('maintenance.to')}>
            {(tied) => (
              <input
                {...tied}
                type="datetime-local"
                name="to"
                required
                defaultValue={localOf(now + 2 * HOUR_MS)}
              />
            )}
          </Field>
        </div>
        <Field label={t('maintenance.reason')} hint={t('maintenance.reason.hint')}>
          {(tied) => <input {...tied} name="reason" required minLength={3} maxLength={200} />}
        </Field>
        <Failure error={acting.failure} />
        <button type="submit" className="button primary" disabled={acting.busy}>
          {t('maintenance.begin')}
        </button>
      </form>
    </Panel>
  );
}
