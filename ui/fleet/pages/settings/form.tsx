import { DEVICE_ROLES } from '@jolly/contracts/twin';
import type { ReactNode } from 'react';
import { t } from '../../messages/index.ts';
import {
  DeviceSetting,
  LanguagesSetting,
  NumberSetting,
  SwitchSetting,
  TextSetting,
  VolumeSetting,
} from './controls.tsx';
import { NoticeSetting } from './notice.tsx';
import { WeekSetting } from './week.tsx';

const SERVICES = ['payments', 'spontaneous', 'onPhone', 'login', 'assistance'] as const;

function Section({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className="settings-section" open={open}>
      <summary>
        <h3>{title}</h3>
      </summary>
      {children}
    </details>
  );
}

/** Everything that a layer may say, in the order in which citizens would notice it. */
export function SettingsForm() {
  return (
    <>
      <Section title={t('section.services')} open>
        {SERVICES.map((service) => (
          <SwitchSetting
            key={service}
            path={`services.${service}`}
            label={t(`setting.services.${service}`)}
          />
        ))}
      </Section>
      <Section title={t('section.hours')} open>
        <WeekSetting />
      </Section>
      <Section title={t('section.languages')}>
        <LanguagesSetting
          path="languages"
          label={t('setting.languages')}
          hint={t('setting.languages.hint')}
        />
      </Section>
      <Section title={t('section.notice')}>
        <NoticeSetting />
      </Section>
      <Section title={t('section.session')}>
        <VolumeSetting path="volume" label={t('setting.volume')} hint={t('setting.volume.hint')} />
        <TextSetting path="helpPhone" label={t('setting.helpPhone')} max={30} />
        <NumberSetting
          path="idle.warnAfterSeconds"
          label={t('setting.idle.warnAfterSeconds')}
          min={5}
          max={600}
          unit={t('unit.seconds')}
        />
        <NumberSetting
          path="idle.countdownSeconds"
          label={t('setting.idle.countdownSeconds')}
          hint={t('setting.idle.countdownSeconds.hint')}
          min={20}
          max={120}
          unit={t('unit.seconds')}
        />
        <NumberSetting
          path="idle.goodbyeSeconds"
          label={t('setting.idle.goodbyeSeconds')}
          min={1}
          max={60}
          unit={t('unit.seconds')}
        />
      </Section>
      <Section title={t('section.devices')}>
        {DEVICE_ROLES.map((role) => (
          <DeviceSetting key={role} path={`devices.${role}`} label={t(`device.${role}`)} />
        ))}
        <NumberSetting
          path="telemetrySeconds"
          label={t('setting.telemetrySeconds')}
          min={10}
          max={3600}
          unit={t('unit.seconds')}
        />
      </Section>
    </>
  );
}
