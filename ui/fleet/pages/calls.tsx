import { AssistanceCall } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { z } from 'zod';
import { ApiError, act } from '../api/client.ts';
import { useLive } from '../api/use-live.ts';
import { ago, shortTime } from '../format.ts';
import { language, t } from '../messages/index.ts';
import { Status } from '../parts/sign.tsx';

const CallRows = z.array(AssistanceCall);
const names = new Intl.DisplayNames(language, { type: 'language' });

/** People who wait at a terminal, over everything else: each row goes when somebody takes it. */
export function Calls() {
  const calls = useLive('assistance', CallRows);
  const [failure, setFailure] = useState<string>();
  const take = (id: string) =>
    void act(`assistance/${id}/take`, {}).then(
      () => {
        setFailure(undefined);
        calls.reload();
      },
      (error: unknown) => {
        // a colleague was quicker: the row goes by itself
        if (!(error instanceof ApiError && error.status === 404)) {
          setFailure(error instanceof ApiError ? error.code : 'UNEXPECTED');
        }
        calls.reload();
      },
    );
  const rows = calls.data ?? [];
  return (
    <section className="calls" aria-label={t('calls.title')} aria-live="assertive">
      {rows.map((call) => (
        <article className="call" key={call.id} data-testid="assistance-call">
          <Status kind="warn">{t('calls.asks', { terminal: call.terminalId })}</Status>
          <p>
            {[shortTime(call.at), ago(call.at, Date.now()), names.of(call.language), call.supportCode]
              .filter((part) => part !== undefined)
              .join(' · ')}
          </p>
          <button type="button" className="button primary" onClick={() => take(call.id)}>
            {t('calls.take')}
          </button>
        </article>
      ))}
      {failure === undefined ? null : (
        <p role="alert" className="failure">
          {t('failed', { code: failure })}
        </p>
      )}
    </section>
  );
}
