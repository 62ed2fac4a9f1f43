import type { SignInWays } from '@jolly/contracts/fleet-api';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import crest from '../../../kit/assets/crest.svg';
import { type ApiError, asApiError } from '../../api/client.ts';
import { signInDemo, signInLocal, signInWays } from '../../api/session.ts';
import { useAct } from '../../api/use-act.ts';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { LanguageSwitch, ThemeSwitch } from '../../parts/switches.tsx';

/** The sheet before the console: the house's name, one thing to do. */
export function Door({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  return (
    <main className="door">
      <div className="door-sheet">
        <p className="brand">
          <img src={crest} alt="" />
          Jolly
        </p>
        <h1>{title}</h1>
        <p className="quiet">{lead}</p>
        {children}
        <footer>
          <LanguageSwitch />
          <ThemeSwitch />
        </footer>
      </div>
    </main>
  );
}

/** Name and password, then, only when the server asks for it, the six digits. */
function Local({ entered }: { entered: () => void }) {
  const [given, setGiven] = useState({ user: '', password: '' });
  const [second, setSecond] = useState(false);
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const user = second ? given.user : String(form.get('user'));
    const password = second ? given.password : String(form.get('password'));
    const totp = second ? String(form.get('totp')) : undefined;
    void acting.run(async () => {
      try {
        await signInLocal(user, password, totp);
      } catch (error) {
        if (asApiError(error).code !== 'TOTP_NEEDED' || second) throw error;
        setGiven({ user, password });
        setSecond(true);
        return;
      }
      setGiven({ user: '', password: '' });
      entered();
    });
  };
  return (
    <form onSubmit={submit} className="door-form">
      {second ? (
        <Field label={t('signin.totp')} hint={t('signin.totp.hint')}>
          {(tied) => (
            <input
              {...tied}
              key="totp"
              name="totp"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="[0-9]{6}"
              maxLength={6}
              required
              // biome-ignore lint/a11y/noAutofocus: the one field of this step
              autoFocus
              className="digits"
            />
          )}
        </Field>
      ) : (
        <>
          <Field label={t('signin.user')}>
            {(tied) => <input {...tied} name="user" autoComplete="username" required maxLength={120} />}
          </Field>
          <Field label={t('signin.password')}>
            {(tied) => (
              <input
                {...tied}
                name="password"
                type="password"
                autoComplete="current-password"
                required
                maxLength={256}
              />
            )}
          </Field>
        </>
      )}
      <Failure error={acting.failure} />
      <button type="submit" className="button primary" disabled={acting.busy} data-testid="sign-in-local">
        {acting.busy ? t('signin.busy') : t(second ? 'signin.verify' : 'signin.enter')}
      </button>
      {second ? (
        <button type="button" className="button" onClick={() => setSecond(false)}>
          {t('signin.again')}
        </button>
      ) : null}
    </form>
  );
}

export function SignIn({
  entered,
  refused,
}: {
  readonly entered: () => void;
  /** Why the provider's sign-in came back without one. */
  readonly refused?: string | undefined;
}) {
  const [ways, setWays] = useState<SignInWays | ApiError | undefined>(undefined);
  const acting = useAct();
  useEffect(() => {
    signInWays().then(setWays, (error: unknown) => setWays(asApiError(error)));
  }, []);
  const known = ways !== undefined && 'demo' in ways ? ways : undefined;
  const demo = (user: string) => void acting.run(() => signInDemo(user)).then((done) => done && entered());
  return (
    <Door title={t('signin.title')} lead={t(known?.demo ? 'signin.lead.demo' : 'signin.lead')}>
      {refused === undefined ? null : (
        <p role="alert" className="failure">
          {t('signin.refused', { code: refused })}
        </p>
      )}
      {ways === undefined ? <p className="quiet">{t('loading')}</p> : null}
      {ways !== undefined && !known ? <p role="alert">{t('unreachable')}</p> : null}
      {known?.local ? <Local entered={entered} /> : null}
      {(known?.oidc ?? []).map(({ id, name }) => (
        <a key={id} className="button" href={`/console/oidc/${encodeURIComponent(id)}/start`}>
          {t('signin.oidc', { name })}
        </a>
      ))}
      {known?.demo ? (
        <>
          <button
            type="button"
            className={known.local ? 'button' : 'button primary'}
            data-testid="sign-in"
            onClick={() => demo('demo')}
          >
            {t('signin.first')}
          </button>
          <button type="button" className="button" data-testid="sign-in-second" onClick={() => demo('demo2')}>
            {t('signin.second')}
          </button>
        </>
      ) : null}
      {known && !known.demo && !known.local && known.oidc.length === 0 ? <p>{t('signin.none')}</p> : null}
      <Failure error={acting.failure} />
    </Door>
  );
}
