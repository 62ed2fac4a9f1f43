import { CommandRow, type TerminalDetail } from '@jolly/contracts/fleet-api';
import { CommandAct, type CommandKind, DISRUPTIVE } from '@jolly/contracts/fleet-link';
import { type FormEvent, useState } from 'react';
import { send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { share } from '../../format.ts';
import { t } from '../../messages/index.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';

/** How long a command may wait for a terminal that is away (s). */
const WAITS = [900, 3_600, 28_800, 86_400] as const;

/** What the form says, as an act; the schema has the last word. */
function actOf(kind: CommandKind, form: FormData): CommandAct {
  const message = String(form.get('message') ?? '').trim();
  if (kind === 'out-of-service') return CommandAct.parse({ kind, ...(message === '' ? {} : { message }) });
  if (kind === 'fetch-logs') return CommandAct.parse({ kind, minutes: Number(form.get('minutes')) });
  if (kind === 'set-volume') return CommandAct.parse({ kind, level: Number(form.get('level')) / 100 });
  return CommandAct.parse({ kind });
}

/** Before something that a citizen would notice: what happens, when, and for how long it may wait. */
export function CommandDialog({
  kind,
  detail,
  close,
  sent,
}: {
  readonly kind: CommandKind;
  readonly detail: TerminalDetail;
  readonly close: () => void;
  readonly sent: () => void;
}) {
  const { terminalId, inSession, online } = detail.row;
  const acting = useAct();
  const [level, setLevel] = useState(40);
  const [typed, setTyped] = useState('');
  const locked = kind === 'wipe' && typed !== terminalId;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (locked) return;
    const form = new FormData(event.currentTarget);
    const body = { act: actOf(kind, form), expiresInSeconds: Number(form.get('wait')) };
    void acting
      .run(() => send('POST', `terminals/${encodeURIComponent(terminalId)}/commands`, body, CommandRow))
      .then((done) => done && sent());
  };
  return (
    <Dialog title={`${t(`command.${kind}`)}: ${terminalId}`} close={close}>
      <form onSubmit={submit} className="stack">
        <p>{t(`command.about.${kind}`)}</p>
        {DISRUPTIVE.has(kind) ? (
          <p className={inSession ? 'note note-warn' : 'note'}>
            {t(inSession ? 'command.inUse' : 'command.waits')}
          </p>
        ) : null}
        {online ? null : <p className="note note-warn">{t('command.away')}</p>}
        {kind === 'out-of-service' ? (
          <Field label={t('command.message')} hint={t('command.message.hint')}>
            {(tied) => <input {...tied} name="message" maxLength={200} />}
          </Field>
        ) : null}
        {kind === 'fetch-logs' ? (
          <Field label={t('command.minutes')}>
            {(tied) => (
              <select {...tied} name="minutes" defaultValue="60">
                {[15, 60, 240, 1440].map((n) => (
                  <option key={n} value={n}>
                    {t('command.lastMinutes', { n })}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : null}
        {kind === 'set-volume' ? (
          <Field label={t('command.level', { share: share(level / 100) })}>
            {(tied) => (
              <input
                {...tied}
                type="range"
                name="level"
                min={0}
                max={100}
                step={5}
                value={level}
                onChange={(event) => setLevel(Number(event.target.value))}
              />
            )}
          </Field>
        ) : null}
        {kind === 'wipe' ? (
          <Field label={t('command.typeId', { terminal: terminalId })} hint={t('command.typeId.hint')}>
            {(tied) => (
              <input
                {...tied}
                value={typed}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value.trim())}
              />
            )}
          </Field>
        ) : null}
        <Field label={t('command.expires')}>
          {(tied) => (
            <select {...tied} name="wait" defaultValue={WAITS[0]}>
              {WAITS.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {t(`command.expires.${seconds}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button
            type="submit"
            className={kind === 'wipe' ? 'button danger' : 'button primary'}
            disabled={acting.busy}
            aria-disabled={locked}
            data-testid="command-send"
          >
            {t(`command.do.${kind}`)}
          </button>
          <button type="button" className="button" onClick={close}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
