import type { DayMatch, FleetRow, OperatorItem, PaymentState } from '@jolly/contracts/fleet-api';
import type { Reported } from '@jolly/contracts/fleet-link';
import { lasting } from '../format.ts';
import { t, word } from '../messages/index.ts';
import type { SignKind } from './sign.tsx';

export const terminalSign: Readonly<Record<FleetRow['state'], SignKind>> = {
  'in-service': 'good',
  attention: 'warn',
  stopped: 'bad',
  maintenance: 'none',
};

/** The reason when there is one, else the state itself; how long it does not answer. */
export function terminalWords(row: FleetRow, now: number): string {
  if (row.reason === undefined || row.state === 'in-service') return t(`state.${row.state}`);
  const said = word('reason', row.reason);
  const since = row.since ?? row.lastSeenAt;
  return row.reason === 'offline' && since !== undefined
    ? t('reason.since', { reason: said, time: lasting(now - since) })
    : said;
}

export const deviceSign = (state: Reported['devices'][number]['state']): SignKind => {
  if (state === 'ready' || state === 'busy') return 'good';
  if (state === 'starting') return 'none';
  return state === 'unavailable' || state === 'fault' ? 'bad' : 'warn';
};

/** Of `paper-low:3` the first part is the word. */
export const reasonWords = (reasons: readonly string[]): string =>
  reasons.map((reason) => word('reason', reason.replace(/:.*/, ''))).join(', ');

export const paymentSign: Readonly<Record<PaymentState, SignKind>> = {
  verified: 'none',
  activating: 'none',
  activated: 'none',
  'activation-failed': 'none',
  'outcome-stored': 'warn',
  confirmed: 'good',
  'confirmed-late': 'good',
  cancelled: 'none',
  duplicate: 'warn',
  discordant: 'warn',
  'token-unknown': 'bad',
  rejected: 'bad',
  refunded: 'good',
};

export const itemSign: Readonly<Record<OperatorItem['state'], SignKind>> = {
  open: 'bad',
  taken: 'warn',
  'awaiting-second': 'warn',
  closed: 'good',
};

export const matchSign: Readonly<Record<DayMatch['state'], SignKind>> = {
  open: 'none',
  balanced: 'good',
  differences: 'bad',
};
