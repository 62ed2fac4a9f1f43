import { PASSWORD_LENGTH } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { setPassword } from '../../api/session.ts';
import { useAct } from '../../api/use-act.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Door } from './sign-in.tsx';

const LEAST = PASSWORD_LENGTH.least;

/** Opened by the link that an administrator gave: the first or a new password. */
export function NewPassword({ token }: { token: string }) {
  const [done, setDone] = useState(false);
  const [differ, setDiffer] = useState(false);
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get('password'));
    const same = password === String(form.get('again'));
    setDiffer(!same);
    if (same) void acting.run(() => setPassword(token, password)).then(setDone);
  };
  if (done) {
    return (
      <Door title={t('password.done')} lead={t('password.done.lead')}>
        <a className="button primary" href="#/">
          {t('password.toSignIn')}
        </a>
      </Door>
    );
  }
  return (
    <Door title={t('password.title')} lead={t('password.lead', { n: LEAST })}>
      <form onSubmit={submit} className="door-form">
        <Field label={t('password.new')} hint={t('password.hint', { n: LEAST })}>
          {(tied) => (
            <input
              {...tied}
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={LEAST}
              maxLength={256}
              required
            />
          )}
        </Field>
        <Field label={t('password.again')}>
          {(tied) => (
            <input
              {...tied}
              name="again"
              type="password"
              autoComplete="new-password"
              maxLength={256}
              required
            />
          )}
        </Field>
        {differ ? (
          <p role="alert" className="failure">
            {t('password.differ')}
          </p>
        ) : null}
        <Failure error={acting.failure} />
        <button type="submit" className="button primary" disabled={acting.busy}>
          {t('password.save')}
        </button>
      </form>
    </Door>
  );
}
