import { ALERT_RULES, AlertSettings } from '@jolly/contracts/fleet-api';
import { type FormEvent, useState } from 'react';
import { ApiError, send } from '../../api/client.ts';
import { useAct } from '../../api/use-act.ts';
import { useLive } from '../../api/use-live.ts';
import { t, word } from '../../messages/index.ts';
import { Failure } from '../../parts/failure.tsx';
import { Field } from '../../parts/field.tsx';
import { Empty, Panel } from '../../parts/panel.tsx';
import {
  draftOf,
  type EscalationDraft,
  type RuleLine,
  type StepLine,
  settingsOf,
} from './escalation-form.ts';

const MOST_STEPS = 5;

/** Which rules hold, from when, and who is told of what stays open. */
export function EscalationForm() {
  const stored = useLive('alert-settings', AlertSettings, { topics: ['alerts'], every: 60_000 });
  if (!stored.data) return stored.error ? <Failure error={stored.error} /> : <Empty>{t('loading')}</Empty>;
  return <Form settings={stored.data} saved={stored.reload} />;
}

function Form({ settings, saved }: { settings: AlertSettings; saved: () => void }) {
  const [draft, setDraft] = useState<EscalationDraft>(() => draftOf(settings));
  const [done, setDone] = useState(false);
  const acting = useAct();
  const change = (next: Partial<EscalationDraft>) => {
    setDone(false);
    setDraft((before) => ({ ...before, ...next }));
  };
  const rule = (changed: RuleLine) =>
    change({ rules: draft.rules.map((each) => (each.rule === changed.rule ? changed : each)) });
  const step = (changed: StepLine) =>
    change({ steps: draft.steps.map((each) => (each.key === changed.key ? changed : each)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void acting
      .run(() => {
        const body = settingsOf(draft, settings);
        if (body.success) return send('PUT', 'alert-settings', body.data, AlertSettings);
        const faults = body.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
        throw new ApiError('BODY_INVALID', 0, 'refused here', faults);
      })
      .then((went) => {
        setDone(went);
        if (went) saved();
      });
  };
  return (
    <form onSubmit={submit} className="two-thirds">
      <Panel title={t('rules.title')} note={t('rules.note')}>
        <div className="scroll">
          <table>
            <caption className="unseen">{t('rules.title')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('rules.rule')}</th>
                <th scope="col">{t('rules.threshold')}</th>
              </tr>
            </thead>
            <tbody>
              {draft.rules.map((line) => (
                <RuleRow key={line.rule} line={line} change={rule} />
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <div className="stack">
        <Panel title={t('escalation.title')} note={t('escalation.note')}>
          {draft.steps.map((line, at) => (
            <Step
              key={line.key}
              n={at + 1}
              line={line}
              change={step}
              drop={() => change({ steps: draft.steps.filter(({ key }) => key !== line.key) })}
            />
          ))}
          {draft.steps.length < MOST_STEPS ? (
            <div className="panel-body">
              <button
                type="button"
                className="button"
                onClick={() =>
                  change({
                    steps: [
                      ...draft.steps,
                      {
                        key: Math.max(-1, ...draft.steps.map(({ key }) => key)) + 1,
                        afterMinutes: '15',
                        minSeverity: 'critical',
                        emails: '',
                        webhooks: '',
                      },
                    ],
                  })
                }
              >
                {t('escalation.add')}
              </button>
            </div>
          ) : null}
        </Panel>
        <Panel title={t('public.title')}>
          <div className="panel-body stack">
            <label className="check">
              <input
                type="checkbox"
                checked={draft.publicStatus}
                onChange={(event) => change({ publicStatus: event.target.checked })}
              />
              {t('public.on')}
            </label>
            <Failure error={acting.failure} />
            <div className="buttons">
              <button type="submit" className="button primary" disabled={acting.busy}>
                {t('rules.save')}
              </button>
              <span role="status">{done ? t('saved') : ''}</span>
            </div>
          </div>
        </Panel>
      </div>
    </form>
  );
}

function RuleRow({ line, change }: { line: RuleLine; change: (line: RuleLine) => void }) {
  const { threshold } = ALERT_RULES[line.rule];
  const name = word('alert', line.rule);
  return (
    <tr>
      <th scope="row">
        <label className="check">
          <input
            type="checkbox"
            checked={line.on}
            onChange={(event) => change({ ...line, on: event.target.checked })}
          />
          {name.charAt(0).toUpperCase() + name.slice(1)}
        </label>
      </th>
      <td>
        {threshold === undefined ? (
          '–'
        ) : (
          <label className="field-inline">
            <span className="unseen">{t('rules.thresholdOf', { rule: name })}</span>
            <input
              inputMode="decimal"
              className="short"
              value={line.threshold}
              disabled={!line.on}
              placeholder={String(threshold.unit === 'share' ? threshold.usual * 100 : threshold.usual)}
              onChange={(event) => change({ ...line, threshold: event.target.value })}
            />
            {t(`rules.unit.${threshold.unit}`)}
          </label>
        )}
      </td>
    </tr>
  );
}

function Step({
  n,
  line,
  change,
  drop,
}: {
  readonly n: number;
  readonly line: StepLine;
  readonly change: (line: StepLine) => void;
  readonly drop: () => void;
}) {
  return (
    <fieldset className="step">
      <legend>{t('escalation.step', { n })}</legend>
      <div className="pair">
        <Field label={t('escalation.after')}>
          {(tied) => (
            <input
              {...tied}
              type="number"
              min={0}
              max={10080}
              required
              value={line.afterMinutes}
              onChange={(event) => change({ ...line, afterMinutes: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('escalation.from')}>
          {(tied) => (
            <select
              {...tied}
              value={line.minSeverity}
              onChange={(event) =>
                change({ ...line, minSeverity: event.target.value as StepLine['minSeverity'] })
              }
            >
              {(['critical', 'warning', 'info'] as const).map((each) => (
                <option key={each} value={each}>
                  {t(`alert.severity.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Field label={t('escalation.emails')} hint={t('escalation.lines')}>
        {(tied) => (
          <textarea
            {...tied}
            rows={2}
            value={line.emails}
            onChange={(event) => change({ ...line, emails: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('escalation.webhooks')} hint={t('escalation.lines')}>
        {(tied) => (
          <textarea
            {...tied}
            rows={2}
            value={line.webhooks}
            onChange={(event) => change({ ...line, webhooks: event.target.value })}
          />
        )}
      </Field>
      <button type="button" className="link-button" onClick={drop}>
        {t('escalation.drop', { n })}
      </button>
    </fieldset>
  );
}
