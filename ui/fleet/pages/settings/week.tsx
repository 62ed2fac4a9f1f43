import { t } from '../../messages/index.ts';
import { Setting } from './setting.tsx';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const USUAL = ['08:30', '17:30'] as const;

const isHours = (value: unknown): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2;

/** When citizens are served: each day open from–to, closed, or as the wider layers say (nobody: all day). */
export function WeekSetting() {
  return (
    <>
      {DAYS.map((day) => {
        const name = t(`day.${day}`);
        return (
          <Setting key={day} path={`openingHours.${day}`} label={name} group>
            {({ value, own, set }) => {
              const kind = value === null ? 'closed' : isHours(value) ? 'hours' : 'unsaid';
              return (
                <span className="day">
                  <select
                    aria-label={t('hours.kindOf', { day: name })}
                    value={kind}
                    onChange={(event) => {
                      const wanted = event.target.value;
                      set(wanted === 'closed' ? null : wanted === 'hours' ? [...USUAL] : undefined);
                    }}
                  >
                    {kind === 'unsaid' || own ? <option value="unsaid">{t('hours.unsaid')}</option> : null}
                    <option value="hours">{t('hours.fromTo')}</option>
                    <option value="closed">{t('hours.closed')}</option>
                  </select>
                  {isHours(value) ? (
                    <>
                      <input
                        type="time"
                        aria-label={t('hours.from', { day: name })}
                        value={value[0]}
                        onChange={(event) => set([event.target.value, value[1]])}
                      />
                      <span aria-hidden="true">–</span>
                      <input
                        type="time"
                        aria-label={t('hours.to', { day: name })}
                        value={value[1]}
                        onChange={(event) => set([value[0], event.target.value])}
                      />
                    </>
                  ) : null}
                </span>
              );
            }}
          </Setting>
        );
      })}
    </>
  );
}
