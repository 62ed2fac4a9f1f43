import { type AuthorisationResponse, CardEvidence, type OutcomeRequest } from '@jolly/contracts/fleet-api';
import type { Selectable, Updateable } from 'kysely';
import type { Tables } from '../store/index.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

export type AuthorisationRow = Selectable<PaymentTables['authorisation']>;

/** What an outcome of the terminal is worth where the gateway has asked for the card. */
export async function judgedByGateway(
  db: Tables,
  key: PaymentKey,
  request: OutcomeRequest,
): Promise<'agrees' | 'no-such-charge' | 'charged-nevertheless' | 'still-open'> {
  const row = await lastOf(db, key);
  if (request.outcome === 'OK') return row?.state === 'approved' ? 'agrees' : 'no-such-charge';
  if (row?.state === 'approved') return 'charged-nevertheless';
  return row?.state === 'waiting' || row?.state === 'unknown' ? 'still-open' : 'agrees';
}

/** Known and without a charge: only then may a card be asked for again. */
export const mayAskAgain = (row: AuthorisationRow): boolean =>
  row.state === 'declined' || row.state === 'cancelled' || row.state === 'not-started';

export const notStarted = (reason: string): AuthorisationResponse => ({
  state: 'not-started',
  reason: reason.slice(0, 120),
});

/** What the terminal is told of the last request. */
export function responseOf(row: AuthorisationRow | undefined): AuthorisationResponse {
  if (!row) return { state: 'none' };
  const reason = row.reason ?? '';
  switch (row.state) {
    case 'approved':
      return { state: 'approved', card: CardEvidence.parse(JSON.parse(row.card ?? '')) };
    case 'declined':
    case 'cancelled':
    case 'not-started':
      return { state: row.state, reason };
    case 'unknown':
      return { state: 'unknown', reason };
    default:
      return { state: 'waiting' };
  }
}

export const keyOf = (row: AuthorisationRow): PaymentKey => ({
  tenantId: row.tenant_id,
  terminalId: row.terminal_id,
  kioskPaymentId: row.kiosk_payment_id,
});

export async function insertRow(
  db: Tables,
  key: PaymentKey,
  values: Pick<
    AuthorisationRow,
    'seq' | 'session_id' | 'pos_terminal_id' | 'amount_cents' | 'asked_at' | 'look_at'
  >,
): Promise<void> {
  await db
    .of<PaymentTables>()
    .insertInto('authorisation')
    .values({
      tenant_id: key.tenantId,
      terminal_id: key.terminalId,
      kiosk_payment_id: key.kioskPaymentId,
      state: 'waiting',
      ...values,
    })
    .execute();
}

export async function updateRow(
  db: Tables,
  row: AuthorisationRow,
  values: Updateable<PaymentTables['authorisation']>,
): Promise<void> {
  await db
    .of<PaymentTables>()
    .updateTable('authorisation')
    .set(values)
    .where('tenant_id', '=', row.tenant_id)
    .where('session_id', '=', row.session_id)
    .execute();
}

export function bySession(
  db: Tables,
  tenantId: string,
  sessionId: string,
): Promise<AuthorisationRow | undefined> {
  return db
    .of<PaymentTables>()
    .selectFrom('authorisation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
}

export function lastOf(db: Tables, key: PaymentKey): Promise<AuthorisationRow | undefined> {
  return db
    .of<PaymentTables>()
    .selectFrom('authorisation')
    .selectAll()
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .orderBy('seq', 'desc')
    .executeTakeFirst();
}
