import type { TimelineEntry } from '@jolly/contracts/fleet-api';
import { money, number, share } from '../../format.ts';
import { it, type MessageKey, t, word } from '../../messages/index.ts';

/** The first of these keys that the catalogue has. */
function first(keys: readonly string[]): string | undefined {
  const found = keys.find((key) => key in it);
  return found === undefined ? undefined : t(found as MessageKey);
}

const plain = (text: string): string => {
  const words = text.replace(/[-_.:]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What happened, in words: the server tells machine words of a closed form. */
export function entryWhat({ kind, what, detail }: TimelineEntry): string {
  const own = first([`timeline.${kind}.${what}`]);
  if (own !== undefined) return own;
  switch (kind) {
    case 'device': {
      const role = String(detail.role ?? what);
      const state = String(detail.state ?? (detail.role === undefined ? '' : what));
      return [word('device', role), state === '' ? '' : word('device.state', state).toLowerCase()]
        .filter((part) => part !== '')
        .join(': ');
    }
    case 'command':
      return first([`command.${what}`, `command.${String(detail.act ?? detail.kind ?? '')}`]) ?? plain(what);
    case 'alert':
      return capital(
        first([`alert.${what}`, `alert.${String(detail.rule ?? '')}`, `reason.${what}`]) ?? plain(what),
      );
    case 'payment':
      return first([`timeline.payment.${what}`, `pay.state.${what}`]) ?? plain(what);
    case 'state':
      return first([`state.${what}`, `reason.${what}`]) ?? plain(what);
    default:
      return first([`event.${what}`, `reason.${what}`]) ?? plain(what);
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The consequence or the details, one short line. */
export function entryWhy({ kind, what, detail }: TimelineEntry): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(detail)) {
    if (['role', 'rule', 'act', 'kind', 'commandId', 'alertId'].includes(name)) continue;
    if (kind === 'device' && name === 'state') continue;
    parts.push(valueWords(name, value));
  }
  const means = kind === 'alert' ? first([`alert.means.${what}`]) : undefined;
  return [means, ...parts].filter((part) => part !== undefined && part !== '').join(' · ');
}

/** `link-down-refused` is told as `link-down` where nobody has words for it. */
function reasonWords(reason: string): string {
  const parts = reason.split(/[-:]/);
  const keys = parts.map((_, at) => `reason.${parts.slice(0, parts.length - at).join('-')}`);
  return first(keys) ?? reason;
}

function valueWords(name: string, value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? plain(name) : '';
  if (typeof value === 'number') {
    if (/cents$/i.test(name)) return money(value);
    if (/share$|left$/i.test(name) && value <= 1) return share(value);
    return `${first([`timeline.value.${name}`]) ?? plain(name)} ${number(value)}`;
  }
  if (name === 'reasons') {
    return value
      .split(/[ ,]+/)
      .filter((reason) => reason !== '')
      .map(reasonWords)
      .join(', ');
  }
  if (name === 'state') {
    return (
      first([`command.state.${value}`, `state.${value}`, `device.state.${value}`, `alerts.state.${value}`]) ??
      value
    );
  }
  return (
    first([
      `reason.${value}`,
      `command.reason.${value}`,
      `alert.severity.${value}`,
      `timeline.word.${value}`,
      `layer.${value}`,
    ]) ?? value
  );
}
