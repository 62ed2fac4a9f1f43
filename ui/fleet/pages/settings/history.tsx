import { SettingsLayer, type SettingsVersion } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { dayTime } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Diff } from './diff.tsx';
import { layerPath } from './preview.tsx';

/** Who said what, when and why; back to any of it by a new version. */
export function History({
  stored,
  saved,
}: {
  readonly stored: SettingsLayer;
  readonly saved: (stored: SettingsLayer) => void;
}) {
  const [asked, setAsked] = useState<SettingsVersion | undefined>(undefined);
  return (
    <Panel title={t('history.title')} note={t('history.note')} className="history-panel">
      {stored.history.length === 0 ? (
        <Empty>{t('history.none')}</Empty>
      ) : (
        <ol className="versions">
          {stored.history.map((version) => (
            <li key={version.version} data-testid="settings-version">
              <details>
                <summary>
                  <strong>{t('history.version', { n: version.version })}</strong> {version.note}
                  <span className="quiet block">
                    {[
                      version.by,
                      dayTime(version.at),
                      version.revertOf === undefined
                        ? t('history.changes', { n: version.changes.length })
                        : t('history.revertOf', { n: version.revertOf }),
                    ].join(' · ')}
                  </span>
                </summary>
                <Diff changes={version.changes} caption={t('history.version', { n: version.version })} />
                {version.version === stored.version ? null : (
                  <button type="button" className="button small" onClick={() => setAsked(version)}>
                    {t('history.back', { n: version.version })}
                  </button>
                )}
              </details>
            </li>
          ))}
        </ol>
      )}
      {asked ? (
        <RevertDialog
          stored={stored}
          to={asked}
          close={() => setAsked(undefined)}
          saved={(next) => {
            setAsked(undefined);
            saved(next);
          }}
        />
      ) : null}
    </Panel>
  );
}

function RevertDialog({
  stored,
  to,
  close,
  saved,
}: {
  readonly stored: SettingsLayer;
  readonly to: SettingsVersion;
  readonly close: () => void;
  readonly saved: (stored: SettingsLayer) => void;
}) {
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note')).trim();
    const body = { baseVersion: stored.version, version: to.version, note };
    void acting.run(async () => {
      saved(await send('POST', `${layerPath(stored.layer, stored.id)}/revert`, body, SettingsLayer));
    });
  };
  return (
    <Dialog title={t('history.back', { n: to.version })} close={close}>
      <form className="stack" onSubmit={submit}>
        <p>{t('history.back.about', { n: to.version, when: dayTime(to.at) })}</p>
        <Field label={t('preview.note')}>
          {(tied) => <input {...tied} name="note" required minLength={3} maxLength={200} />}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t('history.back', { n: to.version })}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
