import { QrCode } from '@jolly/ui-kit/content';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { act, send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { t } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';

/** What an authenticator app reads, shown once. */
const Begun = z.object({ uri: z.string(), secret: z.string() });

/** The person's own second factor: a code to scan, then six digits that prove it was scanned. */
export function SecondFactor() {
  const [begun, setBegun] = useState<z.infer<typeof Begun> | undefined>(undefined);
  const [done, setDone] = useState(false);
  const acting = useAct();
  const begin = () => void acting.run(async () => setBegun(await send('POST', 'me/totp', {}, Begun)));
  const confirm = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const totp = String(new FormData(event.currentTarget).get('totp'));
    void acting
      .run(() => act('me/totp/confirm', { totp }))
      .then((went) => {
        if (!went) return;
        setBegun(undefined);
        setDone(true);
      });
  };
  return (
    <>
      <TopBar title={t('me.totp')} />
      <main>
        <Panel title={t('totp.title')} className="narrow">
          <div className="panel-body">
            <p>{t(done ? 'totp.done' : 'totp.lead')}</p>
            {begun === undefined ? (
              done ? null : (
                <button type="button" className="button primary" onClick={begin} disabled={acting.busy}>
                  {t('totp.begin')}
                </button>
              )
            ) : (
              <form onSubmit={confirm} className="totp">
                <QrCode text={begun.uri} label={t('totp.qr')} testId="totp-qr" />
                <div className="stack">
                  <p>
                    {t('totp.byHand')}
                    <br />
                    <code className="secret">{begun.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
                  </p>
                  <Field label={t('signin.totp')}>
                    {(tied) => (
                      <input
                        {...tied}
                        name="totp"
                        inputMode="numeric"
                        autoComplete="one-time-code"
                        pattern="[0-9]{6}"
                        maxLength={6}
                        required
                        className="digits"
                      />
                    )}
                  </Field>
                  <button type="submit" className="button primary" disabled={acting.busy}>
                    {t('totp.confirm')}
                  </button>
                </div>
              </form>
            )}
            <Failure error={acting.failure} />
          </div>
        </Panel>
      </main>
    </>
  );
}
