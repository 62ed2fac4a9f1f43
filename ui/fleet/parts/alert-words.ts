import type { Alert } from '@jolly/contracts/fleet-api';
import { lasting, number, share } from '../format.ts';
import { it, type MessageKey, t, word } from '../messages/index.ts';
import type { SignKind } from './sign.tsx';

export const alertSign: Readonly<Record<Alert['severity'], SignKind>> = {
  critical: 'bad',
  warning: 'warn',
  info: 'none',
};

const severity: Readonly<Record<Alert['severity'], number>> = { critical: 0, warning: 1, info: 2 };

/** Critical first, then what has lasted longest. */
export const alertOrder = (one: Alert, other: Alert): number =>
  severity[one.severity] - severity[other.severity] || one.openedAt - other.openedAt;

/** A message with what the server told, when the catalogue has it. Numbers come formatted: shares, times, counts. */
function told(key: string, detail: Alert['detail']): string | undefined {
  if (!(key in it)) return undefined;
  const values = Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, valueWords(name, value)]),
  );
  try {
    return t(key as MessageKey, values);
  } catch {
    // the sentence wants a value that this server does not tell
    return undefined;
  }
}

function valueWords(name: string, value: string | number | boolean): string {
  if (typeof value === 'number') {
    if (/(^|[-_])(share|left|rate)$|Share$/.test(name) && value <= 1) return share(value);
    if (/Ms$|-ms$/.test(name)) return value >= 2000 ? lasting(value) : `${number(value)} ms`;
    return number(value);
  }
  return String(value);
}

/** `PO-09 senza carta` */
export function alertTitle(alert: Alert): string {
  const what = word('alert', alert.rule);
  const said = what === alert.rule ? word('reason', alert.rule) : what;
  return alert.terminalId === undefined ? said : `${alert.terminalId} ${said}`;
}

/** Why, and what it means for citizens; the words of the rule when the details do not fill the longer sentence. */
export function alertWhy(alert: Alert): string {
  return (
    told(`alert.why.${alert.rule}`, alert.detail) ??
    told(`alert.means.${alert.rule}`, alert.detail) ??
    [alert.site, ...Object.entries(alert.detail).map(([name, value]) => `${name} ${valueWords(name, value)}`)]
      .filter((part) => part !== undefined)
      .join(' · ')
  );
}

/** The likely next act: where it is done. */
export function nextAct(alert: Alert): { readonly label: string; readonly to: readonly string[] } {
  const { terminalId } = alert;
  if (terminalId === undefined) return { label: t('alert.act'), to: ['alerts'] };
  const key = `alert.act.${alert.rule}`;
  return { label: key in it ? t(key as MessageKey) : t('alert.act'), to: ['terminal', terminalId] };
}
