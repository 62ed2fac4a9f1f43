import { AcceptEnrolment, PendingEnrolment, Site } from '@jolly/contracts/fleet-api';
import { type FormEvent, useEffect, useState } from 'react';
import { z } from 'zod';
import { ApiError, act, asApiError, read } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { shortTime } from '../../format.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { t } from '../../messages/index.ts';
import { Age } from '../../parts/age.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import { go, hashOf } from '../../route.ts';
import { codeOf, groupedCode } from './code.ts';
import { PreAuthorised } from './pre-authorised.tsx';

const Pending = z.array(PendingEnrolment);
const Sites = z.array(Site);

/** A terminal is taken in: its code, the comparison of its key, a name and a place. `part` is a code from its QR. */
export function AddTerminal({ part }: { part: string | undefined }) {
  const pending = useLive('enrolments', Pending, { topics: ['enrolments'] });
  const code = codeOf(part ?? '');
  const { asked, again } = useAsked(code);
  return (
    <>
      <TopBar title={t('nav.add')} back={{ href: hashOf('fleet'), label: t('nav.fleet') }} />
      <main className="halves">
        <div className="stack">
          {asked === 'asking' ? (
            <Empty>{t('loading')}</Empty>
          ) : asked instanceof ApiError || asked === undefined ? (
            <AskCode code={code} failure={asked} again={again} />
          ) : (
            <Accept pending={asked} key={asked.code} />
          )}
        </div>
        <div className="stack">
          <Panel title={t('add.waiting')} note={t('add.waiting.note')}>
            {pending.data === undefined || pending.data.length === 0 ? (
              <Empty>{t(pending.data === undefined ? 'loading' : 'add.waiting.none')}</Empty>
            ) : (
              <ul className="alert-list">
                {pending.data.map((each) => (
                  <li key={each.code}>
                    <code className="enrol-code">{groupedCode(each.code)}</code>
                    <div className="alert-words">
                      <strong>{each.hostname ?? t('add.unnamed')}</strong>
                      <span className="quiet">
                        {[each.serial, each.software, each.from]
                          .filter((one) => one !== undefined)
                          .join(' · ')}
                      </span>
                    </div>
                    <span className="quiet age">
                      <Age at={each.askedAt} />
                    </span>
                    <a className="button" href={hashOf('add', each.code)}>
                      {t('add.open')}
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <PreAuthorised />
        </div>
      </main>
    </>
  );
}

/**
 * The terminal that shows this code. Asked once, not listed: a terminal whose file names no municipality is in nobody's list, and the
 * server takes few tries.
 */
function useAsked(code: string | undefined): {
  readonly asked: PendingEnrolment | ApiError | 'asking' | undefined;
  again(): void;
} {
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<PendingEnrolment | ApiError | undefined>(undefined);
  useEffect(() => {
    if (code === undefined || tries < 0) return;
    let wanted = true;
    const answered = (answer: PendingEnrolment | ApiError) => wanted && setFound(answer);
    read(`enrolments/${code}`, PendingEnrolment).then(answered, (error: unknown) =>
      answered(asApiError(error)),
    );
    return () => {
      wanted = false;
    };
  }, [code, tries]);
  const again = () => {
    setFound(undefined);
    setTries(tries + 1);
  };
  return { asked: code === undefined ? undefined : (found ?? 'asking'), again };
}

function AskCode({
  code: asked,
  failure,
  again,
}: {
  readonly code: string | undefined;
  readonly failure: ApiError | undefined;
  readonly again: () => void;
}) {
  const unknown = failure?.status === 404 ? asked : undefined;
  const [typed, setTyped] = useState(asked === undefined ? '' : groupedCode(asked));
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const code = codeOf(typed);
    setWrong(code === undefined);
    if (code === undefined) return;
    if (code === asked) again();
    else go('add', code);
  };
  return (
    <Panel title={t('add.code')}>
      <form className="panel-body stack" onSubmit={submit}>
        <p>{t('add.code.about')}</p>
        <Field label={t('add.code.label')} hint={t('add.code.hint')}>
          {(tied) => (
            <input
              {...tied}
              className="enrol-input"
              value={typed}
              maxLength={9}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value.toUpperCase())}
              data-testid="enrol-code"
            />
          )}
        </Field>
        {wrong ? (
          <p role="alert" className="failure">
            {t('add.code.wrong')}
          </p>
        ) : null}
        {unknown !== undefined && !wrong ? (
          <p role="alert" className="note note-warn">
            {t('add.code.unknown', { code: groupedCode(unknown) })}
          </p>
        ) : null}
        {failure !== undefined && unknown === undefined ? <Failure error={failure} /> : null}
        <button type="submit" className="button primary">
          {t('add.code.next')}
        </button>
      </form>
    </Panel>
  );
}

function Accept({ pending }: { pending: PendingEnrolment }) {
  const sites = useLive('sites', Sites);
  const [place, setPlace] = useState('');
  const [same, setSame] = useState(false);
  const acting = useAct();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const terminalId = text('terminal');
    void acting
      .run(() =>
        act(
          `enrolments/${pending.code}/accept`,
          AcceptEnrolment.parse({
            terminalId,
            ...(place === '' ? { siteName: text('siteName') } : { siteId: place }),
            replaces: form.get('replaces') !== null,
          }),
        ),
      )
      .then((went) => went && go('terminal', terminalId));
  };
  const refuse = () =>
    void acting.run(() => act(`enrolments/${pending.code}/refuse`, {})).then((went) => went && go('add'));
  return (
    <Panel
      title={t('add.accept')}
      note={t('add.until', { time: shortTime(pending.expiresAt) })}
      aside={<code className="enrol-code">{groupedCode(pending.code)}</code>}
    >
      <form className="panel-body stack" onSubmit={submit}>
        <div className="compare">
          <p>{t('add.compare')}</p>
          <p className="fingerprint" data-testid="fingerprint">
            {pending.fingerprint}
          </p>
          <label className="check">
            <input
              type="checkbox"
              required
              checked={same}
              onChange={(event) => setSame(event.target.checked)}
            />
            {t('add.same')}
          </label>
        </div>
        <dl className="fact-list">
          <div>
            <dt>{t('enrolment.serial')}</dt>
            <dd>{pending.serial ?? '–'}</dd>
          </div>
          <div>
            <dt>{t('add.hostname')}</dt>
            <dd>{pending.hostname ?? '–'}</dd>
          </div>
          <div>
            <dt>{t('facts.version')}</dt>
            <dd>{pending.software}</dd>
          </div>
          <div>
            <dt>{t('add.from')}</dt>
            <dd>{pending.from}</dd>
          </div>
        </dl>
        <Field label={t('add.id')} hint={t('add.id.hint')}>
          {(tied) => (
            <input
              {...tied}
              name="terminal"
              required
              maxLength={40}
              pattern="[A-Za-z0-9][A-Za-z0-9\-]*"
              autoComplete="off"
            />
          )}
        </Field>
        <Field label={t('add.site')}>
          {(tied) => (
            <select {...tied} value={place} onChange={(event) => setPlace(event.target.value)}>
              <option value="">{t('add.newSite')}</option>
              {(sites.data ?? []).map(({ siteId, name }) => (
                <option key={siteId} value={siteId}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {place === '' ? (
          <Field label={t('sites.name')} hint={t('sites.name.hint')}>
            {(tied) => <input {...tied} name="siteName" required maxLength={120} />}
          </Field>
        ) : null}
        <label className="check">
          <input type="checkbox" name="replaces" />
          <span>
            {t('add.replaces')}
            <span className="quiet block">{t('add.replaces.about')}</span>
          </span>
        </label>
        <Failure error={acting.failure} />
        <div className="buttons">
          <button type="submit" className="button primary" disabled={acting.busy} aria-disabled={!same}>
            {t(same ? 'add.do' : 'add.compareFirst')}
          </button>
          <button type="button" className="button danger-line" disabled={acting.busy} onClick={refuse}>
            {t('add.refuse')}
          </button>
        </div>
      </form>
    </Panel>
  );
}
