import { type Screen, SpeechSpeed, Theme } from '@jolly/contracts/terminal-channel';
import { Button, OptionKeys, SettingKey, StepKeys } from '@jolly/ui-kit/controls';
import { Pages, useFocusOn } from '@jolly/ui-kit/frame';
import { useWords } from '@jolly/ui-kit/messages';
import type { View } from './view.ts';

const SPEEDS = SpeechSpeed.options.map((option) => option.value);

/** The pace before or after; at the end it stays. */
const beside = (speed: SpeechSpeed, by: 1 | -1): SpeechSpeed => SPEEDS[SPEEDS.indexOf(speed) + by] ?? speed;

/** Pages on which something works by itself, or nobody's session runs: the code with the choices waits for another. */
const NO_CODE: ReadonlySet<Screen['name']> = new Set([
  'out-of-service',
  'enrolment',
  'goodbye',
  'card-left',
  'pay-verifying',
  'pay-activating',
  'pay-card',
  'login-working',
  'preferences-code',
]);

/** Every aid on one sheet, over the page and never over the threshold. It stays while one thing after another is tried. */
export function AidsSheet({ view }: { readonly view: View }) {
  const { t } = useWords();
  const heading = useFocusOn('aids');
  const { preferences, screen } = view.snapshot;
  const { theme, hand, speed, volume, moreTime, calm, abcKeys } = preferences;
  return (
    <div className="veil">
      <div className="over aids-sheet" role="dialog" aria-labelledby="aids-title" data-testid="aids">
        <div className="over__head">
          <h1 id="aids-title" ref={heading} tabIndex={-1}>
            {t('aids.title')}
          </h1>
          <p>{t('aids.lead')}</p>
        </div>
        <Pages>
          <OptionKeys
            label={t('aids.theme')}
            options={Theme.options.map((value) => ({
              value,
              label: t(`aids.theme-${value}`),
              testId: `theme-${value}`,
            }))}
            chosen={theme}
            onChoose={(chosen) => view.send({ type: 'set-theme', theme: chosen })}
          />
          <OptionKeys
            label={t('aids.hand')}
            options={(['left', 'right'] as const).map((value) => ({
              value,
              label: t(`aids.hand-${value}`),
              testId: `hand-${value}`,
            }))}
            chosen={hand}
            inPlace
            onChoose={(chosen) => view.send({ type: 'set-hand', hand: chosen })}
          />
          <div className="settings">
            <SettingKey
              testId="toggle-more-time"
              label={t('aids.more-time')}
              icon="clock"
              pressed={moreTime}
              onPress={() => view.send({ type: 'toggle-more-time' })}
            />
            <SettingKey
              testId="toggle-calm"
              label={t('aids.calm')}
              pressed={calm}
              onPress={() => view.send({ type: 'toggle-calm' })}
            />
            <SettingKey
              testId="toggle-abc-keys"
              label={t('aids.abc')}
              icon="keyboard"
              pressed={abcKeys}
              onPress={() => view.send({ type: 'toggle-abc-keys' })}
            />
          </div>
          <StepKeys
            label={t('aids.volume')}
            value={t('aids.volume-now', { volume })}
            down={{
              label: t('aids.volume-down'),
              testId: 'volume-down',
              onPress: () => view.send({ type: 'volume', step: 'down' }),
            }}
            up={{
              label: t('aids.volume-up'),
              testId: 'volume-up',
              onPress: () => view.send({ type: 'volume', step: 'up' }),
            }}
          />
          <StepKeys
            label={t('aids.speed')}
            value={t('aids.speed-value', { speed: String(speed).replace('.', '_') })}
            down={{
              label: t('aids.slower'),
              testId: 'speed-down',
              onPress: () => view.send({ type: 'set-speed', speed: beside(speed, -1) }),
            }}
            up={{
              label: t('aids.faster'),
              testId: 'speed-up',
              onPress: () => view.send({ type: 'set-speed', speed: beside(speed, 1) }),
            }}
          />
        </Pages>
        <div className="over__foot">
          {!NO_CODE.has(screen.name) && (
            <Button
              testId="show-preferences-code"
              look="quiet"
              icon="qr"
              label={t('aids.code')}
              onPress={() => view.send({ type: 'show-preferences-code' })}
            />
          )}
          <Button
            testId="close-aids"
            look="second"
            label={t('aids.close')}
            onPress={() => view.send({ type: 'close-aids' })}
          />
        </div>
      </div>
    </div>
  );
}
