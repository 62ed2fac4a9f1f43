import type { SettingChange } from '@jolly/contracts/twin';
import { number, share } from '../../format.ts';
import { it, language, type MessageKey, t, word } from '../../messages/index.ts';

export interface ChangeLine {
  readonly path: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly kind: 'added' | 'removed' | 'changed';
}

const languageName = new Intl.DisplayNames(language, { type: 'language' });

/** `openingHours.sat` → «Orario: sabato». */
export function settingName(path: string): string {
  const key = `setting.${path}`;
  if (key in it) return t(key as MessageKey);
  const [group = '', rest = ''] = path.split(/\.(.*)/s);
  if (group === 'devices') return t('setting.device', { device: word('device', rest) });
  if (group === 'openingHours') return t('setting.hours', { day: word('day', rest) });
  // title and text of the notice, each in its languages
  const [part = '', code = ''] = rest.split('.');
  const partKey = `setting.${group}.${part}`;
  if (code !== '' && partKey in it) return `${t(partKey as MessageKey)} (${languageName.of(code) ?? code})`;
  return word('setting', group) === group ? path : `${word('setting', group)}: ${rest}`;
}

/** A value in words of its own setting. */
export function settingValue(path: string, value: unknown): string {
  if (value === undefined) return t('setting.unsaid');
  if (path.startsWith('openingHours.')) {
    return Array.isArray(value) ? value.join('–') : t('hours.closed');
  }
  if (value === null) return '–';
  if (value === '') return t(path.startsWith('devices.') ? 'setting.noDevice' : 'setting.empty');
  if (typeof value === 'boolean') return t(value ? 'setting.on' : 'setting.off');
  if (path === 'volume' && typeof value === 'number') return share(value);
  if (path === 'languages' && Array.isArray(value)) {
    return value.map((code) => languageName.of(String(code)) ?? String(code)).join(', ');
  }
  if (typeof value === 'number') {
    return /Seconds$/.test(path) ? t('setting.seconds', { n: value }) : number(value);
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && !Array.isArray(value)) {
    const said = Object.entries(value).map(([name, each]) => `${name}: ${settingValue('', each)}`);
    return said.length === 0 ? t('setting.empty') : said.join('; ');
  }
  return JSON.stringify(value);
}

/** The lines of a diff: sign, name, what was, what is. */
export function changeLines(changes: readonly SettingChange[]): ChangeLine[] {
  return changes.map((change) => ({
    path: change.path,
    name: settingName(change.path),
    before: settingValue(change.path, change.before),
    after: settingValue(change.path, change.after),
    kind: change.before === undefined ? 'added' : change.after === undefined ? 'removed' : 'changed',
  }));
}
