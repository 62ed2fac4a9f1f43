import type { TerminalDetail } from '@jolly/contracts/fleet-api';
import { date, dayOf, dayTime, share, shortTime } from '../../format.ts';
import { t, word } from '../../messages/index.ts';
import { Empty, Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/sign.tsx';
import { deviceSign, reasonWords } from '../../parts/words.ts';
import { isFaulty, type Numbered } from './drawing.tsx';

function detailOf(each: Numbered, detail: TerminalDetail, now: number): string {
  const { device } = each;
  if (isFaulty(each)) {
    // a state such as "senza carta" says why by itself
    const why = ['degraded', 'unavailable', 'fault'].includes(device.state)
      ? reasonWords(device.reasons)
      : '';
    const since =
      dayOf(device.since) === dayOf(now)
        ? t('devices.since', { time: shortTime(device.since) })
        : t('devices.sinceDay', { time: dayTime(device.since) });
    return why === '' ? since : `${why}, ${since}`;
  }
  if (device.reasons.length > 0) return reasonWords(device.reasons);
  const used = detail.reported?.consumables.find(
    ({ role, left }) => role === device.role && left !== undefined,
  );
  if (used?.left !== undefined) {
    return t('devices.left', { what: word('consumable', used.name), share: share(used.left) });
  }
  return device.uri.replace(/:.*/, '');
}

/** The devices under the numbers of the drawing; what is wrong first catches the eye by ring, sign and word. */
export function Devices({
  detail,
  devices,
  now,
}: {
  readonly detail: TerminalDetail;
  readonly devices: readonly Numbered[];
  readonly now: number;
}) {
  return (
    <Panel title={t('devices.title')} note={t('devices.note')} className="devices-panel">
      {devices.length === 0 ? (
        <Empty>{t('devices.none')}</Empty>
      ) : (
        <table className="device-table">
          <caption className="unseen">{t('devices.title')}</caption>
          <thead className="unseen">
            <tr>
              <th scope="col">{t('devices.number')}</th>
              <th scope="col">{t('devices.device')}</th>
              <th scope="col">{t('terminals.state')}</th>
              <th scope="col">{t('devices.detail')}</th>
            </tr>
          </thead>
          <tbody>
            {devices.map((each) => (
              <tr
                key={each.device.role}
                className={isFaulty(each) ? 'faulty' : undefined}
                data-testid={`device-${each.device.role}`}
              >
                <td>
                  <span className="number">{each.n}</span>
                </td>
                <th scope="row">{t(`device.${each.device.role}`)}</th>
                <td>
                  <Status kind={deviceSign(each.device.state)}>
                    {t(`device.state.${each.device.state}`)}
                  </Status>
                </td>
                <td className="end quiet">{detailOf(each, detail, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {detail.forecasts.length === 0 ? null : (
        <ul className="forecasts">
          {detail.forecasts.map((forecast) => (
            <li key={`${forecast.role} ${forecast.name}`}>
              {t('devices.ends', {
                what: word('consumable', forecast.name),
                day: date(forecast.endsAt),
                left: forecast.left === undefined ? '?' : share(forecast.left),
              })}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
