import { PreAuthorisation, PreAuthorise, Site } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { remove, send } from '../../api/client.ts';
import { serverNow } from '../../api/freshness.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { date } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';

const Rows = z.array(PreAuthorisation);
const Sites = z.array(Site);
const DAY_MS = 86_400_000;
const LASTS = [7, 30, 90] as const;

/** Serial numbers that are taken in without a person when they first ask. */
export function PreAuthorised() {
  const rows = useLive('pre-authorisations', Rows, { topics: ['enrolments'] });
  const sites = useLive('sites', Sites, { topics: ['enrolments'], every: 10_000 });
  const [adding, setAdding] = useState(false);
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const site = text('site');
    void acting
      .run(() =>
        send(
          'POST',
          'pre-authorisations',
          PreAuthorise.parse({
            serial: text('serial'),
            terminalId: text('terminal'),
            ...(site === '' ? {} : { siteId: site }),
            expiresAt: serverNow() + Number(text('days')) * DAY_MS,
          }),
          PreAuthorisation,
        ),
      )
      .then((went) => {
        if (!went) return;
        setAdding(false);
        rows.reload();
      });
  };
  return (
    <Panel
      title={t('pre.title')}
      note={t('pre.note')}
      aside={
        <button
          type="button"
          className="button small"
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {t(adding ? 'cancel' : 'pre.add')}
        </button>
      }
    >
      {adding ? (
        <form className="panel-body stack" onSubmit={submit}>
          <div className="pair">
            <Field label={t('enrolment.serial')} hint={t('pre.serial.hint')}>
              {(tied) => <input {...tied} name="serial" required minLength={4} maxLength={64} />}
            </Field>
            <Field label={t('add.id')}>
              {(tied) => (
                <input
                  {...tied}
                  name="terminal"
                  required
                  maxLength={40}
                  pattern="[A-Za-z0-9][A-Za-z0-9\-]*"
                />
              )}
            </Field>
          </div>
          <div className="pair">
            <Field label={t('add.site')}>
              {(tied) => (
                <select {...tied} name="site">
                  <option value="">{t('pre.noSite')}</option>
                  {(sites.data ?? []).map(({ siteId, name }) => (
                    <option key={siteId} value={siteId}>
                      {name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={t('pre.lasts')}>
              {(tied) => (
                <select {...tied} name="days" defaultValue="30">
                  {LASTS.map((n) => (
                    <option key={n} value={n}>
                      {t('lasts.days', { n })}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t('pre.do')}
          </button>
        </form>
      ) : null}
      <Failure error={acting.failure} />
      {rows.data === undefined || rows.data.length === 0 ? (
        <Empty>{t(rows.data === undefined ? 'loading' : 'pre.none')}</Empty>
      ) : (
        <ul className="alert-list">
          {rows.data.map((row) => (
            <li key={row.serial}>
              <code>{row.serial}</code>
              <div className="alert-words">
                <strong>{row.terminalId}</strong>
                <span className="quiet">{t('pre.until', { day: date(row.expiresAt), who: row.by })}</span>
              </div>
              <button
                type="button"
                className="button small"
                disabled={acting.busy}
                onClick={() =>
                  void acting
                    .run(() => remove(`pre-authorisations/${encodeURIComponent(row.serial)}`))
                    .then(rows.reload)
                }
              >
                {t('pre.withdraw')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
