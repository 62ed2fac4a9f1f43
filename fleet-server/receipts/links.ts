import { createHash, randomBytes } from 'node:crypto';
import { ReceiptLinkResponse, TERMINAL_ROUTES } from '@jolly/contracts/fleet-api';
import { euro, receipt, receiptDataOf } from '@jolly/contracts/receipt';
import type { Clock } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Http } from '../http/index.ts';
import { enrolledTerminals, terminalOf } from '../identity/index.ts';
import {
  addStep,
  getPayment,
  type Payment,
  type PaymentKey,
  PaymentParams,
  updatePayment,
} from '../payments/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { gonePage, PAGE_CSP, pendingPage, receiptPage } from './page.ts';
import type { ReceiptTables } from './tables.ts';

const LIFE_MS = 600_000;
/** Names the browser that opened a receipt, for as long as the link lives. */
const COOKIE = 'jolly-receipt';

export interface ReceiptOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Prefix of the links: where citizens' phones reach this server. */
  readonly publicUrl: () => string;
  readonly tenants: ReadonlyMap<string, { readonly name: string; readonly timeZone: string }>;
}

/** The terminal asks for a link: a new one takes the place of one not opened yet. Behind the terminal's signature. */
export function receiptLinkRoutes(app: Http, options: ReceiptOptions): void {
  app.post(
    TERMINAL_ROUTES.receipt,
    {
      schema: {
        params: PaymentParams,
        body: z.object({}).nullish(),
        response: { 200: ReceiptLinkResponse },
        tags: ['payments'],
      },
    },
    (request) => makeLink(options, { ...terminalOf(request), kioskPaymentId: request.params.id }),
  );
}

async function makeLink(
  { store, clock, publicUrl }: ReceiptOptions,
  key: PaymentKey,
): Promise<ReceiptLinkResponse> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = clock.now() + LIFE_MS;
  await store.transaction(async (tx) => {
    const payment = await getPayment(tx, key);
    if (standing(payment) === 'none') throw fail('RECEIPT_NOT_READY');
    const db = tx.of<ReceiptTables>();
    await db
      .deleteFrom('receipt_link')
      .where('tenant_id', '=', key.tenantId)
      .where('terminal_id', '=', key.terminalId)
      .where('kiosk_payment_id', '=', key.kioskPaymentId)
      .where('opened_at', 'is', null)
      .execute();
    await db
      .insertInto('receipt_link')
      .values({
        tenant_id: key.tenantId,
        token_hash: hashOf(token),
        terminal_id: key.terminalId,
        kiosk_payment_id: key.kioskPaymentId,
        expires_at: expiresAt,
        opened_at: null,
        opened_by: null,
      })
      .execute();
  });
  return { url: `${publicUrl().replace(/\/$/, '')}/r/${token}`, expiresAt };
}

/** The page itself: open to whom holds the token, in the one browser that opened it first. */
export function receiptPageRoutes(app: Http, options: ReceiptOptions): void {
  app.get(
    '/r/:token',
    {
      // A HEAD or a prefetch is a machine looking ahead: it must not use up the one opening.
      exposeHeadRoute: false,
      schema: { params: z.object({ token: z.string().max(100) }), hide: true },
    },
    async (request, reply) => {
      const ahead = `${request.headers['sec-purpose'] ?? ''}${request.headers.purpose ?? ''}`;
      const known = new RegExp(`(?:^|; *)${COOKIE}=([A-Za-z0-9_-]{32})(?:;|$)`).exec(
        request.headers.cookie ?? '',
      );
      const visitor = known?.[1] ?? randomBytes(24).toString('base64url');
      const opened = ahead.includes('prefetch')
        ? 'pending'
        : await open(options, request.params.token, visitor);
      reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', PAGE_CSP)
        .header('cache-control', 'no-store')
        .header('x-robots-tag', 'noindex, nofollow, noarchive');
      if (opened === 'gone') return reply.code(410).send(gonePage());
      if (opened === 'pending') return reply.send(pendingPage());
      const secure = options.publicUrl().startsWith('https:') ? '; Secure' : '';
      return reply
        .header(
          'set-cookie',
          `${COOKIE}=${visitor}; Path=/r/; Max-Age=${LIFE_MS / 1000}; HttpOnly; SameSite=Lax${secure}`,
        )
        .send(opened.html);
    },
  );
}

async function open(
  options: ReceiptOptions,
  token: string,
  visitor: string,
): Promise<'gone' | 'pending' | { readonly html: string }> {
  const { store, clock } = options;
  const now = clock.now();
  const link = await store
    .of<ReceiptTables>()
    .selectFrom('receipt_link')
    .selectAll()
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (!link || link.expires_at <= now) return 'gone';
  const again = link.opened_at !== null;
  if (again && link.opened_by !== hashOf(visitor)) return 'gone';
  const sites = await enrolledTerminals(store, link.tenant_id);
  const site = sites.find((terminal) => terminal.terminalId === link.terminal_id)?.site ?? '';
  const key = {
    tenantId: link.tenant_id,
    terminalId: link.terminal_id,
    kioskPaymentId: link.kiosk_payment_id,
  };
  return store.transaction(async (tx) => {
    const payment = await getPayment(tx, key);
    const { activation, card } = payment;
    const stands = standing(payment);
    if (stands === 'pending') return 'pending';
    if (stands === 'none' || !activation || !card) return 'gone';
    if (again) return { html: pageOf(options, { key, site, payment, activation, card }) };
    // Only one of two openings at the same moment finds the row still unopened.
    const { numUpdatedRows } = await tx
      .of<ReceiptTables>()
      .updateTable('receipt_link')
      .set({ opened_at: now, opened_by: hashOf(visitor) })
      .where('tenant_id', '=', link.tenant_id)
      .where('token_hash', '=', link.token_hash)
      .where('opened_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return 'gone';
    if (payment.receipt !== 'printed') await updatePayment(tx, key, { receipt: 'phone', receipt_at: now });
    await addStep(tx, key, now, 'receipt-opened-on-phone');
    return { html: pageOf(options, { key, site, payment, activation, card }) };
  });
}

function pageOf(
  options: ReceiptOptions,
  of: {
    readonly key: PaymentKey;
    readonly site: string;
    readonly payment: Payment;
    readonly activation: NonNullable<Payment['activation']>;
    readonly card: NonNullable<Payment['card']>;
  },
): string {
  const { key, site, payment, activation, card } = of;
  const tenant = options.tenants.get(key.tenantId);
  const data = receiptDataOf({
    activation,
    card,
    noticeNumber: payment.notice.noticeNumber,
    place: {
      timeZone: tenant?.timeZone ?? 'Europe/Rome',
      city: tenant?.name ?? '',
      site,
      kioskId: key.terminalId,
    },
  });
  return receiptPage(receipt(data), {
    title: 'Ricevuta di pagamento',
    total: euro(activation.totalCents),
    subject: `${activation.description} · ${activation.creditorName}`,
  });
}

/** A receipt is given for what the node confirmed, and nothing else; what waits for the node waits here too. */
function standing(payment: Payment): 'ready' | 'pending' | 'none' {
  if (payment.state === 'confirmed') return 'ready';
  const charged = payment.outcome?.outcome === 'OK';
  if (charged && (payment.state === 'outcome-stored' || payment.state === 'confirmed-late')) return 'pending';
  return 'none';
}

/** Forgets links whose time is over by more than a day: until then they answer that the receipt is gone. */
export async function forgetLinks(store: Store, now: number): Promise<void> {
  await store
    .of<ReceiptTables>()
    .deleteFrom('receipt_link')
    .where('expires_at', '<', now - 86_400_000)
    .execute();
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
