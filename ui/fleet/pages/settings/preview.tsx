import { SettingsLayer, SettingsPreview } from '@jolly/contracts/fleet-api';
import type { Layer } from '@jolly/contracts/twin';
import { type FormEvent, useEffect, useState } from 'react';
import { send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Diff } from './diff.tsx';
import type { Draft } from './document.ts';

export const layerPath = (layer: Layer, id: string): string => `settings/${layer}/${encodeURIComponent(id)}`;

const SHOWN = 12;

/** Before anything is sent: every fault, what changes, which terminals become other ones. Then a note, then it is saved. */
export function PreviewDialog({
  layer,
  id,
  baseVersion,
  draft,
  close,
  saved,
}: {
  readonly layer: Layer;
  readonly id: string;
  readonly baseVersion: number;
  readonly draft: Draft;
  readonly close: () => void;
  readonly saved: (stored: SettingsLayer) => void;
}) {
  const looking = useAct();
  const saving = useAct();
  const [preview, setPreview] = useState<SettingsPreview | undefined>(undefined);
  const { run } = looking;
  useEffect(() => {
    // the schema wants a note even where nothing is kept of it
    const body = { baseVersion, document: draft, note: 'preview' };
    void run(async () =>
      setPreview(await send('POST', `${layerPath(layer, id)}/preview`, body, SettingsPreview)),
    );
  }, [layer, id, baseVersion, draft, run]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note')).trim();
    void saving.run(async () => {
      saved(await send('PUT', layerPath(layer, id), { baseVersion, document: draft, note }, SettingsLayer));
    });
  };
  const sound = preview !== undefined && preview.faults.length === 0;
  return (
    <Dialog title={t('preview.title')} close={close} wide>
      {preview === undefined && !looking.failure ? <p>{t('loading')}</p> : null}
      <Failure error={looking.failure} />
      {preview && preview.faults.length > 0 ? (
        <div className="note note-bad" role="alert">
          <p>{t('preview.faults', { n: preview.faults.length })}</p>
          <ul className="faults">
            {preview.faults.map((fault) => (
              <li key={`${fault.path} ${fault.message}`}>
                <code>{fault.path}</code> {fault.message}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {sound && preview.changes.length === 0 ? <p>{t('preview.nothing')}</p> : null}
      {sound && preview.changes.length > 0 ? (
        <>
          <Diff changes={preview.changes} caption={t('preview.title')} />
          <section className="affected">
            <h3>{t('preview.affected', { n: preview.affectedCount })}</h3>
            <ul className="affected-list">
              {preview.affected.slice(0, SHOWN).map(({ terminalId, changes }) => (
                <li key={terminalId}>
                  <strong>{terminalId}</strong>
                  <span className="quiet"> {t('preview.changes', { n: changes.length })}</span>
                </li>
              ))}
              {preview.affectedCount > SHOWN ? (
                <li className="quiet">{t('preview.more', { n: preview.affectedCount - SHOWN })}</li>
              ) : null}
            </ul>
          </section>
          <form className="stack" onSubmit={submit}>
            <Field label={t('preview.note')} hint={t('preview.note.hint')}>
              {(tied) => <input {...tied} name="note" required minLength={3} maxLength={200} />}
            </Field>
            <Failure error={saving.failure} />
            <div className="buttons">
              <button
                type="submit"
                className="button primary"
                disabled={saving.busy}
                data-testid="settings-save"
              >
                {t('preview.save', { n: preview.affectedCount })}
              </button>
              <button type="button" className="button" onClick={close}>
                {t('preview.back')}
              </button>
            </div>
          </form>
        </>
      ) : null}
    </Dialog>
  );
}
