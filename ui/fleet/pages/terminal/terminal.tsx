import { TerminalDetail } from '@jolly/contracts/fleet-api';
import type { CommandKind } from '@jolly/contracts/fleet-link';
import { useEffect, useState } from 'react';
import { serverNow } from '../../api/freshness.ts';
import { useLive } from '../../api/use-live.ts';
import { TopBar } from '../../frame/top-bar.tsx';
import { useMayCommand } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Age } from '../../parts/age.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty } from '../../parts/panel.tsx';
import { Status } from '../../parts/sign.tsx';
import { terminalSign, terminalWords } from '../../parts/words.ts';
import { go, hashOf } from '../../route.ts';
import { Commands } from './commands.tsx';
import { Devices } from './devices.tsx';
import { KioskDrawing, numbered } from './drawing.tsx';
import { EnrolmentCard } from './enrolment-card.tsx';
import { Facts } from './facts.tsx';
import { SettingsCard } from './settings-card.tsx';
import { Timeline } from './timeline.tsx';

const back = { href: hashOf('fleet'), label: '' };

/** One terminal: how it stands, its devices drawn, what can be asked of it, its day. */
export function TerminalPage({ terminalId }: { terminalId: string }) {
  const mayCommand = useMayCommand();
  const live = useLive(`terminals/${encodeURIComponent(terminalId)}`, TerminalDetail, {
    topics: ['terminals', 'settings', 'enrolments', 'payments'],
  });
  const [asked, setAsked] = useState<CommandKind | undefined>(undefined);
  const [part, setPart] = useState<'now' | 'day'>('now');
  useEscape(asked === undefined);
  const detail = live.data;
  const toFleet = { ...back, label: t('nav.fleet') };
  if (!detail) {
    return (
      <>
        <TopBar title={terminalId} back={toFleet} />
        <main>{live.error ? <Failure error={live.error} /> : <Empty>{t('loading')}</Empty>}</main>
      </>
    );
  }
  const { row } = detail;
  const now = serverNow();
  const devices = numbered(detail.reported?.devices ?? []);
  return (
    <>
      <TopBar
        title={`${row.terminalId} ${row.site}`}
        back={toFleet}
        beside={
          <>
            <span className={`tag tag-${terminalSign[row.state]}`} data-testid="standing">
              <Status kind={terminalSign[row.state]}>{terminalWords(row, now)}</Status>
            </span>
            <span className="quiet">
              {t(row.online ? (row.inSession ? 'terminal.inUse' : 'terminal.free') : 'terminal.away')}{' '}
              {row.online ? null : <Age at={row.lastSeenAt} />}
            </span>
          </>
        }
      >
        {mayCommand('screenshot') ? (
          <button type="button" className="button" onClick={() => setAsked('screenshot')}>
            <Icon name="presentation" />
            {t('command.screenshot')}
          </button>
        ) : null}
      </TopBar>
      <main className="terminal-page" data-part={part}>
        <fieldset className="segments">
          <legend className="unseen">{t('terminal.parts')}</legend>
          {(['now', 'day'] as const).map((each) => (
            <button
              key={each}
              type="button"
              className="segment"
              aria-pressed={part === each}
              onClick={() => setPart(each)}
            >
              {t(each === 'now' ? 'terminal.part.now' : 'terminal.part.day')}
            </button>
          ))}
        </fieldset>
        <section className="panel kiosk-panel" aria-label={t('drawing.title')}>
          <KioskDrawing devices={devices} terminalId={row.terminalId} />
          <Facts detail={detail} now={now} />
        </section>
        <div className="part-now">
          <Devices detail={detail} devices={devices} now={now} />
          <Commands detail={detail} asked={asked} ask={setAsked} />
        </div>
        <div className="part-day">
          <Timeline detail={detail} now={now} />
        </div>
        <div className="terminal-cards">
          <SettingsCard detail={detail} />
          <EnrolmentCard detail={detail} changed={live.reload} />
        </div>
      </main>
    </>
  );
}

/** Escape goes back to the fleet, unless something open takes it. */
function useEscape(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const keys = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('dialog[open], .who-menu')) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select')) return;
      go('fleet');
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, [on]);
}
