import type { TerminalDetail } from '@jolly/contracts/fleet-api';
import { useMay } from '../../me.ts';
import { t } from '../../messages/index.ts';
import { Panel } from '../../parts/panel.tsx';
import { type SignKind, Status } from '../../parts/sign.tsx';
import { hashOf } from '../../route.ts';

const signs: Readonly<Record<TerminalDetail['settings']['state'], SignKind>> = {
  current: 'good',
  'on-its-way': 'none',
  refused: 'bad',
  none: 'none',
};

/** Whether what it was told to be is what it is; refused: its reasons, all of them. */
export function SettingsCard({ detail }: { detail: TerminalDetail }) {
  const may = useMay();
  const { settings, reported } = detail;
  const refused = reported?.settings.refused;
  return (
    <Panel
      title={t('nav.settings')}
      className="card"
      aside={<Status kind={signs[settings.state]}>{t(`twin.${settings.state}`)}</Status>}
    >
      <div className="panel-body">
        <p>
          {t(`twin.about.${settings.state}`, {
            desired: settings.desired,
            reported: settings.reported ?? 0,
          })}
        </p>
        {settings.state === 'refused' && refused ? (
          <ul className="faults">
            {refused.faults.map((fault) => (
              <li key={`${fault.path} ${fault.message}`}>
                <code>{fault.path}</code> {fault.message}
              </li>
            ))}
          </ul>
        ) : null}
        {may('settings.write') ? (
          <div className="buttons">
            <a className="button" href={hashOf('settings', 'terminal', detail.row.terminalId)}>
              {t('twin.open')}
            </a>
          </div>
        ) : null}
      </div>
    </Panel>
  );
}
