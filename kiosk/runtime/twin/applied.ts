import type { Reported } from '@jolly/contracts/fleet-link';
import type { TerminalSettings } from '@jolly/contracts/twin';
import type { RuntimeConfig } from '../config/index.ts';

export type Fault = NonNullable<Reported['settings']['refused']>['faults'][number];

/** The terminal's own file with the settings over it. Whatever they do not say is as in the file; '' takes a device away. */
export function applied(own: RuntimeConfig, settings: TerminalSettings): RuntimeConfig {
  const { devices, services = {}, idle, openingHours, languages, attract, volume } = settings;
  const { onPhone, ...offered } = defined(services);
  const { title, text, until } = attract ?? {};
  // an empty notice says that there is none here, whatever the file says
  const { attract: _, ...rest } = own;
  return {
    ...(attract === undefined ? own : rest),
    devices: withDevices(own.devices, devices ?? {}),
    services: { ...own.services, ...offered },
    payment: { ...own.payment, ...(onPhone === undefined ? {} : { onPhone }) },
    idle: { ...own.idle, ...defined(idle ?? {}) },
    speech: { ...own.speech, ...(volume === undefined ? {} : { level: volume }) },
    ...(openingHours === undefined ? {} : { openingHours }),
    ...(languages === undefined ? {} : { languages }),
    ...(title === undefined ? {} : { attract: { title, ...defined({ text, until }) } }),
    ...defined({ helpPhone: settings.helpPhone, telemetrySeconds: settings.telemetrySeconds }),
  };
}

function withDevices(
  own: RuntimeConfig['devices'],
  wanted: NonNullable<TerminalSettings['devices']>,
): RuntimeConfig['devices'] {
  const all = Object.entries({ ...own, ...defined(wanted) });
  return Object.fromEntries(all.filter(([, uri]) => uri !== '')) as RuntimeConfig['devices'];
}

/** Drivers live as long as the process does: other devices need another start. */
export const devicesDiffer = (one: RuntimeConfig, other: RuntimeConfig): boolean =>
  JSON.stringify(Object.entries(one.devices).toSorted()) !==
  JSON.stringify(Object.entries(other.devices).toSorted());

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}
