import { CommandRow, type TerminalDetail } from '@jolly/contracts/fleet-api';
import type { CommandKind } from '@jolly/contracts/fleet-link';
import { useState } from 'react';
import { z } from 'zod';
import { useLive } from '../../api/use-live.ts';
import { useMayCommand } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { CommandDialog } from './command-dialog.tsx';
import { CommandList } from './command-list.tsx';
import { commandIcon } from './command-words.ts';

const Rows = z.array(CommandRow);

/** Those of the picture, two by two; the last one over the whole width is what citizens notice most. */
function offered(mode: string | undefined): {
  readonly usual: readonly CommandKind[];
  readonly more: readonly CommandKind[];
  readonly last: readonly CommandKind[];
} {
  const locked = mode === 'locked';
  return {
    usual: ['print-test-page', 'self-test', 'restart-app', 'restart-host', 'fetch-logs', 'set-volume'],
    more: [locked ? 'unlock' : 'lock', 'rotate-key', 'wipe'],
    last: locked ? [] : [mode === 'out-of-service' ? 'back-in-service' : 'out-of-service'],
  };
}

export function Commands({
  detail,
  asked,
  ask,
}: {
  readonly detail: TerminalDetail;
  /** The question that is open, which the top bar may open too. */
  readonly asked: CommandKind | undefined;
  readonly ask: (kind: CommandKind | undefined) => void;
}) {
  const may = useMayCommand();
  const [more, setMore] = useState(false);
  const path = `terminals/${encodeURIComponent(detail.row.terminalId)}/commands`;
  const rows = useLive(path, Rows, { topics: ['commands'] });
  const { usual, more: others, last } = offered(detail.reported?.mode);
  const allowed = (kinds: readonly CommandKind[]) => kinds.filter(may);
  const button = (kind: CommandKind, className = '') => (
    <button
      key={kind}
      type="button"
      className={`button command ${className}`}
      data-testid={`command-${kind}`}
      onClick={() => ask(kind)}
    >
      <Icon name={commandIcon[kind]} />
      {t(`command.${kind}`)}
    </button>
  );
  const hidden = allowed(others);
  const any = allowed([...usual, ...last]).length > 0;
  return (
    <Panel title={t('commands.title')} note={any ? t('commands.note') : undefined} className="commands-panel">
      {any ? (
        <div className="command-grid">
          {allowed(usual).map((kind) => button(kind))}
          {allowed(last).map((kind) => button(kind, kind === 'out-of-service' ? 'wide danger-line' : 'wide'))}
          {hidden.length === 0 ? null : (
            <button
              type="button"
              className="button quiet-button wide"
              aria-expanded={more}
              onClick={() => setMore(!more)}
            >
              {t(more ? 'commands.fewer' : 'commands.more')}
            </button>
          )}
          {more ? hidden.map((kind) => button(kind, kind === 'wipe' ? 'danger-line' : '')) : null}
        </div>
      ) : null}
      <CommandList rows={rows.data} />
      {asked === undefined ? null : (
        <CommandDialog
          kind={asked}
          detail={detail}
          close={() => ask(undefined)}
          sent={() => {
            ask(undefined);
            rows.reload();
          }}
        />
      )}
    </Panel>
  );
}
