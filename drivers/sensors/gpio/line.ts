import { errorsOf } from '@jolly/contracts/values';
import type { LocalUri } from '../../registry/index.ts';
import type { GpioLine } from './codec.ts';

export const gpioError = errorsOf({
  GPIO_SETTING_INVALID: {
    cause: 'the address or a setting of a GPIO line cannot be used',
    retry: 'no',
    cure: 'write gpio:gpiochip0/17?active=low (docs/cabinet.md)',
  },
});

/** Where the tools are, and the line. */
export interface GpioSettings extends GpioLine {
  /** Folder of gpioget, gpiomon and gpioset; empty: found by PATH. */
  readonly folder: string;
}

/** Reads `gpio:gpiochip0/17?active=low|high&bias=pull-up|pull-down|disable&tools=1|2&folder=/…`. Throws `GPIO_SETTING_INVALID`. */
export function gpioSettings({ path, settings, text }: LocalUri): GpioSettings {
  const found = /^([A-Za-z0-9_-]{1,40})\/(\d{1,4})$/.exec(path);
  const bad = (setting: string) => gpioError('GPIO_SETTING_INVALID', { uri: text, setting });
  if (!found) throw bad('address');
  const pick = <const T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const given = settings.get(name) ?? fallback;
    const value = allowed.find((each) => each === given);
    if (value === undefined) throw bad(name);
    return value;
  };
  const bias = pick('bias', ['none', 'pull-up', 'pull-down', 'disable'], 'none');
  return {
    chip: found[1] ?? '',
    offset: Number(found[2]),
    activeLow: pick('active', ['high', 'low'], 'high') === 'low',
    tools: pick('tools', ['1', '2'], '1') === '1' ? 1 : 2,
    bias: bias === 'none' ? undefined : bias,
    folder: settings.get('folder') ?? '',
  };
}

export const toolAt = (folder: string, name: string): string =>
  folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`;
