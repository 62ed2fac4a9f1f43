import type { CommandRow } from '@jolly/contracts/fleet-api';
import { useState } from 'react';
import { shortTime } from '../../format.ts';
import { useMay } from '../../me.ts';
import { t, word } from '../../messages/index.ts';
import { Age } from '../../parts/age.tsx';
import { Empty } from '../../parts/panel.tsx';
import { Sign, Status } from '../../parts/sign.tsx';
import { Attachment } from './attachment.tsx';
import { commandSign, commandTitle, isOver, stepWords } from './command-words.ts';

/** Lately given commands, newest first, each live through to its end. */
const SHOWN = 5;

export function CommandList({ rows }: { rows: readonly CommandRow[] | undefined }) {
  const [all, setAll] = useState(false);
  const [viewed, setViewed] = useState<CommandRow | undefined>(undefined);
  if (rows === undefined) return <Empty>{t('loading')}</Empty>;
  if (rows.length === 0) return <Empty>{t('commands.none')}</Empty>;
  return (
    <section className="command-list" aria-label={t('commands.given')}>
      <h3>{t('commands.given')}</h3>
      <ul>
        {(all ? rows : rows.slice(0, SHOWN)).map((row) => (
          <Given key={row.commandId} row={row} view={() => setViewed(row)} />
        ))}
      </ul>
      {rows.length > SHOWN ? (
        <button type="button" className="link-button" onClick={() => setAll(!all)}>
          {t(all ? 'commands.fewer' : 'commands.all', { n: rows.length })}
        </button>
      ) : null}
      {viewed ? <Attachment command={viewed} close={() => setViewed(undefined)} /> : null}
    </section>
  );
}

function Given({ row, view }: { row: CommandRow; view: () => void }) {
  const may = useMay();
  const reason = row.reason === undefined ? undefined : word('command.reason', row.reason);
  return (
    <li data-testid="command-row" data-id={row.commandId} data-state={row.state}>
      <div className="command-head">
        <strong>{commandTitle(row.act)}</strong>
        <span aria-live={isOver(row) ? undefined : 'polite'} className={isOver(row) ? '' : 'under-way'}>
          <Status kind={commandSign[row.state]}>{t(`command.state.${row.state}`)}</Status>
        </span>
      </div>
      <p className="quiet">
        {row.by} · <Age at={row.createdAt} />
        {isOver(row) ? null : ` · ${t('command.until', { time: shortTime(row.expiresAt) })}`}
        {reason === undefined ? null : ` · ${reason}`}
      </p>
      {row.steps === undefined || row.steps.length === 0 ? null : (
        <ul className="test-steps">
          {row.steps.map((step) => (
            <li key={step.name}>
              <Sign kind={step.ok ? 'good' : 'bad'} />
              <span>
                {stepWords(step.name)}
                <span className="unseen"> {t(step.ok ? 'step.ok' : 'step.failed')}</span>
                {step.detail === undefined ? null : <span className="quiet"> {step.detail}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
      {row.attachment !== undefined &&
      may(row.act.kind === 'screenshot' ? 'command.disruptive' : 'logs.read') ? (
        <button type="button" className="link-button" onClick={view} data-testid="attachment-open">
          {t(row.act.kind === 'screenshot' ? 'attachment.picture' : 'attachment.logs')}
        </button>
      ) : null}
    </li>
  );
}
