import type { TerminalDetail } from '@jolly/contracts/fleet-api';
import { t } from '../../messages/index.ts';

const WIDTH = 26;
const HIGH = 60;

/** The hours of an office day, and every other one in which somebody paid. */
export function shownHours(byHour: readonly number[]): number[] {
  const used = byHour.flatMap((n, hour) => (n > 0 ? [hour] : []));
  const from = Math.min(7, ...used);
  const to = Math.max(18, ...used);
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** Payments of today by hour; the fullest hour in the strong colour. */
export function Hours({ today }: { today: TerminalDetail['today'] }) {
  const hours = shownHours(today.byHour);
  const most = Math.max(1, ...today.byHour);
  const of = (hour: number) => today.byHour[hour] ?? 0;
  const told = hours.filter((hour) => of(hour) > 0).map((hour) => t('hours.one', { hour, n: of(hour) }));
  return (
    <section className="hours" aria-label={t('hours.title')}>
      <header>
        <h3>{t('hours.title')}</h3>
        <span className="quiet">{t('hours.total', { n: today.payments })}</span>
      </header>
      <svg
        viewBox={`0 0 ${hours.length * WIDTH} ${HIGH + 34}`}
        role="img"
        aria-label={told.length === 0 ? t('hours.none') : told.join(', ')}
      >
        {hours.map((hour, at) => {
          const high = of(hour) === 0 ? 1.5 : Math.max(4, (of(hour) / most) * HIGH);
          const x = at * WIDTH;
          return (
            <g key={hour} className={of(hour) === most ? 'hour-most' : of(hour) === 0 ? 'hour-none' : 'hour'}>
              <rect x={x + 2} y={16 + HIGH - high} width={WIDTH - 5} height={high} rx="2.5" />
              {of(hour) > 0 ? (
                <text x={x + WIDTH / 2} y={12 + HIGH - high} className="hour-count">
                  {of(hour)}
                </text>
              ) : null}
              {hour % 2 === 1 ? (
                <text x={x + WIDTH / 2} y={HIGH + 31} className="hour-name">
                  {hour}
                </text>
              ) : null}
            </g>
          );
        })}
      </svg>
    </section>
  );
}
