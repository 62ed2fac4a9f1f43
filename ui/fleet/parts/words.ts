import type { DayMatch, OperatorItem, PaymentState, TerminalRow } from '@jolly/contracts/fleet-api';
import { t, word } from '../messages/index.ts';
import type { SignKind } from './sign.tsx';

export const terminalSign: Readonly<Record<TerminalRow['state'], SignKind>> = {
  'in-service': 'good',
  attention: 'warn',
  stopped: 'bad',
  maintenance: 'none',
};

/** The reason when there is one, else the state itself. */
export function terminalWords(row: TerminalRow): string {
  if (row.reason !== undefined && row.state !== 'in-service') return word('reason', row.reason);
  return t(`state.${row.state}`);
}

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
