import { PASSWORD_LENGTH, TotpEnrolment } from '@jolly/contracts/fleet-api';
import { QrCode } from '@jolly/ui-kit/content';
import { type FormEvent, useState } from 'react';
import { act, remove, send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { useMe } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';

/** A person's own sign-in: second factor, password, the end of every session. `changed`: the session is a new one. */
export function OwnAccess({ changed, left }: { changed: () => void; left: () => void }) {
  const me = useMe();
  const acting = useAct();
  return (
    <>
      <TopBar title={t('me.security')} />
      <main className="halves">
        <SecondFactor changed={changed} />
        {me.way === 'local' && !me.totpNeeded ? (
          <div className="stack">
            <OwnPassword changed={changed} />
            <div className="buttons">
              <button
                type="button"
                className="button danger-line"
                disabled={acting.busy}
                onClick={() => void acting.run(() => remove('me/sessions')).then((went) => went && left())}
              >
                {t('me.everywhere')}
              </button>
            </div>
            <Failure error={acting.failure} />
          </div>
        ) : null}
      </main>
    </>
  );
}

/** A code to scan, then six digits that prove it was scanned. */
function SecondFactor({ changed }: { changed: () => void }) {
  const me = useMe();
  const [begun, setBegun] = useState<TotpEnrolment | undefined>(undefined);
  const [done, setDone] = useState(false);
  const acting = useAct();
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const totp = String(new FormData(event.currentTarget).get('totp') ?? '');
    void acting.run(async () =>
      setBegun(await send('POST', 'me/totp', totp === '' ? {} : { totp }, TotpEnrolment)),
    );
  };
  const confirm = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const totp = String(new FormData(event.currentTarget).get('totp'));
    void acting
      .run(() => act('me/totp/confirm', { totp }))
      .then((went) => {
        if (!went) return;
        setBegun(undefined);
        setDone(true);
        changed();
      });
  };
  const digits = {
    name: 'totp',
    inputMode: 'numeric',
    autoComplete: 'one-time-code',
    pattern: '[0-9]{6}',
    maxLength: 6,
    className: 'digits',
  } as const;
  return (
    <Panel title={t('totp.title')}>
      <div className="panel-body stack">
        {me.totpNeeded ? <p className="note note-warn">{t('totp.needed')}</p> : null}
        <p>{t(done ? 'totp.done' : 'totp.lead')}</p>
        {begun === undefined && !done ? (
          <form className="stack" onSubmit={begin}>
            {me.totpNeeded ? null : (
              <Field label={t('totp.present')}>{(tied) => <input {...tied} {...digits} />}</Field>
            )}
            <Failure error={acting.failure} />
            <button type="submit" className="button primary" disabled={acting.busy}>
              {t('totp.begin')}
            </button>
          </form>
        ) : null}
        {begun === undefined ? null : (
          <form onSubmit={confirm} className="totp">
            <QrCode text={begun.url} label={t('totp.qr')} testId="totp-qr" />
            <div className="stack">
              <p>
                {t('totp.byHand')}
                <code className="secret">{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
              </p>
              <Field label={t('signin.totp')}>{(tied) => <input {...tied} {...digits} required />}</Field>
              <Failure error={acting.failure} />
              <button type="submit" className="button primary" disabled={acting.busy}>
                {t('totp.confirm')}
              </button>
            </div>
          </form>
        )}
      </div>
    </Panel>
  );
}

function OwnPassword({ changed }: { changed: () => void }) {
  const acting = useAct();
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const body = { current: String(form.get('current')), password: String(form.get('password')) };
    void acting
      .run(() => act('me/password', body))
      .then((went) => {
        setDone(went);
        if (!went) return;
        element.reset();
        changed();
      });
  };
  const most = PASSWORD_LENGTH.most;
  return (
    <Panel title={t('password.own')} note={t('password.own.about')}>
      <form className="panel-body stack" onSubmit={submit}>
        <Field label={t('password.current')}>
          {(tied) => (
            <input
              {...tied}
              name="current"
              type="password"
              autoComplete="current-password"
              required
              maxLength={most}
            />
          )}
        </Field>
        <Field label={t('password.new')} hint={t('password.hint', { n: PASSWORD_LENGTH.least })}>
          {(tied) => (
            <input
              {...tied}
              name="password"
              type="password"
              autoComplete="new-password"
              required
              minLength={PASSWORD_LENGTH.least}
              maxLength={most}
            />
          )}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy}>
            {t('password.save')}
          </button>
          <span role="status">{done ? t('saved') : ''}</span>
        </div>
      </form>
    </Panel>
  );
}
