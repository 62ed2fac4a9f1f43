import { type EnrolmentAct, Site, type TerminalDetail } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { act, put } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { date } from '../../format.ts';
import { useMay } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type SignKind, Status } from '../../parts/sign.tsx';

const Sites = z.array(Site);
type Act = EnrolmentAct['act'];
type Standing = TerminalDetail['enrolment']['status'];

const signs: Readonly<Record<Standing, SignKind>> = {
  enrolled: 'good',
  suspect: 'bad',
  revoked: 'bad',
  decommissioned: 'none',
};
const acts: Readonly<Record<Standing, readonly Act[]>> = {
  enrolled: ['revoke', 'decommission'],
  suspect: ['trust', 'revoke', 'decommission'],
  revoked: ['decommission'],
  decommissioned: [],
};

/** Who the machine is: its key, since when, whether it is believed; what may be done about it. */
export function EnrolmentCard({ detail, changed }: { detail: TerminalDetail; changed: () => void }) {
  const may = useMay();
  const [asked, setAsked] = useState<Act | 'move' | undefined>(undefined);
  const { enrolment } = detail;
  const done = () => {
    setAsked(undefined);
    changed();
  };
  const offered = acts[enrolment.status].filter((each) =>
    may(each === 'decommission' ? 'command.destructive' : 'enrolment.write'),
  );
  return (
    <Panel
      title={t('enrolment.title')}
      className="card"
      aside={<Status kind={signs[enrolment.status]}>{t(`enrolment.${enrolment.status}`)}</Status>}
    >
      <div className="panel-body">
        {enrolment.status === 'suspect' ? (
          <p className="note note-bad">{t('enrolment.suspect.about')}</p>
        ) : null}
        <dl className="fact-list">
          <div>
            <dt>{t('enrolment.fingerprint')}</dt>
            <dd>
              <code>{enrolment.fingerprint}</code>
            </dd>
          </div>
          <div>
            <dt>{t('enrolment.since')}</dt>
            <dd>{date(enrolment.enrolledAt)}</dd>
          </div>
          <div>
            <dt>{t('enrolment.keySince')}</dt>
            <dd>{date(enrolment.keySince)}</dd>
          </div>
          <div>
            <dt>{t('enrolment.serial')}</dt>
            <dd>{enrolment.serial ?? '–'}</dd>
          </div>
        </dl>
        <div className="buttons">
          {may('enrolment.write') && enrolment.status !== 'decommissioned' ? (
            <button type="button" className="button" onClick={() => setAsked('move')}>
              {t('enrolment.move')}
            </button>
          ) : null}
          {offered.map((each) => (
            <button
              key={each}
              type="button"
              className={each === 'trust' ? 'button' : 'button danger-line'}
              onClick={() => setAsked(each)}
              data-testid={`enrolment-${each}`}
            >
              {t(`enrolment.act.${each}`)}
            </button>
          ))}
        </div>
      </div>
      {asked === 'move' ? <Move detail={detail} close={() => setAsked(undefined)} done={done} /> : null}
      {asked !== undefined && asked !== 'move' ? (
        <Ask detail={detail} kind={asked} close={() => setAsked(undefined)} done={done} />
      ) : null}
    </Panel>
  );
}

interface Asking {
  readonly detail: TerminalDetail;
  readonly close: () => void;
  readonly done: () => void;
}

function Ask({ detail, kind, close, done }: Asking & { readonly kind: Act }) {
  const acting = useAct();
  const { terminalId } = detail.row;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note'));
    void acting
      .run(() => act(`terminals/${encodeURIComponent(terminalId)}/enrolment`, { act: kind, note }))
      .then((went) => went && done());
  };
  return (
    <Dialog title={`${t(`enrolment.act.${kind}`)}: ${terminalId}`} close={close}>
      <form className="stack" onSubmit={submit}>
        <p>{t(`enrolment.about.${kind}`)}</p>
        <Field label={t('note')} hint={t('note.hint')}>
          {(tied) => <input {...tied} name="note" required minLength={3} maxLength={200} />}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button
            type="submit"
            className={kind === 'trust' ? 'button primary' : 'button danger'}
            disabled={acting.busy}
          >
            {t(`enrolment.act.${kind}`)}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Move({ detail, close, done }: Asking) {
  const sites = useLive('sites', Sites);
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const siteId = String(new FormData(event.currentTarget).get('site'));
    void acting
      .run(() => put(`terminals/${encodeURIComponent(detail.row.terminalId)}/site`, { siteId }))
      .then((went) => went && done());
  };
  return (
    <Dialog title={`${t('enrolment.move')}: ${detail.row.terminalId}`} close={close}>
      <form className="stack" onSubmit={submit}>
        <Field label={t('sites.one')}>
          {(tied) => (
            <select {...tied} name="site" key={sites.data?.length} defaultValue={detail.row.siteId}>
              {(sites.data ?? []).map(({ siteId, name }) => (
                <option key={siteId} value={siteId}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t('enrolment.move')}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
