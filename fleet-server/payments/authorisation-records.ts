import { type AuthorisationResponse, CardEvidence, type OutcomeRequest } from '@jolly/contracts/fleet-api';
import type { Selectable, Updateable } from 'kysely';
import type { Tables } from '../store/index.ts';
import type { PaymentKey, PaymentTables } from './tables.ts';

export type AuthorisationRow = Selectable<PaymentTables['authorisation']>;

/** What an outcome of the terminal is worth where the gateway has asked for the card, however often it has. */
export async function judgedByGateway(
  db: Tables,
  key: PaymentKey,
  request: OutcomeRequest,
): Promise<'agrees' | 'no-such-charge' | 'charged-nevertheless' | 'still-open'> {
  const rows = await rowsOf(db, key);
  const charged = rows.some(({ state }) => state === 'approved');
  if (request.outcome === 'OK') return charged ? 'agrees' : 'no-such-charge';
  if (charged) return 'charged-nevertheless';
  return rows.some(isOpen) ? 'still-open' : 'agrees';
}

/** Whether a charge may still come, or may have come unseen. */
export const isOpen = (row: AuthorisationRow): boolean => row.state === 'waiting' || row.state === 'unknown';

/** Known and without a charge: only when all are may a card be asked for again. */
export const mayAskAgain = (row: AuthorisationRow): boolean =>
  row.state === 'declined' || row.state === 'cancelled' || row.state === 'not-started';

/** The one that forbids another card: a charge before a doubt. */
export const inTheWay = (rows: readonly AuthorisationRow[]): AuthorisationRow | undefined =>
  rows.find(({ state }) => state === 'approved') ?? lastFirst(rows).find((row) => !mayAskAgain(row));

export const byAttempt = (rows: readonly AuthorisationRow[], attempt: number): AuthorisationRow | undefined =>
  rows.find((row) => row.attempt === attempt);

/** Newest first. */
export const lastFirst = (rows: readonly AuthorisationRow[]): readonly AuthorisationRow[] =>
  rows.toSorted((one, other) => other.seq - one.seq);

export const notStarted = (reason: string): AuthorisationResponse => ({
  state: 'not-started',
  reason: reason.slice(0, 120),
});

/** What the terminal is told of a request. */
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
    'seq' | 'session_id' | 'pos_terminal_id' | 'amount_cents' | 'attempt' | 'asked_at' | 'look_at'
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

/** Every request for a card of the payment, oldest first. */
export function rowsOf(db: Tables, key: PaymentKey): Promise<AuthorisationRow[]> {
  return db
    .of<PaymentTables>()
    .selectFrom('authorisation')
    .selectAll()
    .where('tenant_id', '=', key.tenantId)
    .where('terminal_id', '=', key.terminalId)
    .where('kiosk_payment_id', '=', key.kioskPaymentId)
    .orderBy('seq')
    .execute();
}
