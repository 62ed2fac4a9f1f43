import {
  Accepted,
  AssistanceCall,
  AssistanceRequest,
  CONSOLE_API,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import { type Clock, Uuid } from '@jolly/contracts/values';
import { z } from 'zod';
import type { Audit } from '../audit/index.ts';
import type { Changes } from '../changes/index.ts';
import type { Http } from '../http/index.ts';
import { type ConsoleGate, personOf, type TerminalIdentity, terminalOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import type { AssistanceTables } from './tables.ts';

/** Nobody stands at a terminal for longer: a call that no one took until then leaves the console. */
const WAITING_MS = 30 * 60_000;
/** Kept this long, to see how soon people were answered. */
const KEPT_MS = 30 * 86_400_000;

export interface AssistanceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}

export interface ConsoleAssistance extends AssistanceOptions {
  readonly gate: ConsoleGate;
  readonly audit: Audit;
}

/** A terminal has one open call: one that comes again is the same row, a new one takes the place of the one before. */
async function storeCall(
  { store, clock, changes }: AssistanceOptions,
  { tenantId, terminalId }: TerminalIdentity,
  request: AssistanceRequest,
): Promise<void> {
  await store.transaction(async (tx) => {
    const db = tx.of<AssistanceTables>();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('assistance_call')
      .values({
        tenant_id: tenantId,
        terminal_id: terminalId,
        request_id: request.requestId,
        at: clock.now(),
        language: request.language,
        screen: request.screen,
        support_code: request.supportCode ?? null,
        taken_by: null,
        taken_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return;
    await db
      .deleteFrom('assistance_call')
      .where('tenant_id', '=', tenantId)
      .where('terminal_id', '=', terminalId)
      .where('request_id', '<>', request.requestId)
      .where('taken_at', 'is', null)
      .execute();
  });
  changes.notify(tenantId, 'assistance');
}

async function openCalls(
  { store, clock }: Pick<AssistanceOptions, 'store' | 'clock'>,
  tenantId: string,
): Promise<AssistanceCall[]> {
  const rows = await store
    .of<AssistanceTables>()
    .selectFrom('assistance_call')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('taken_at', 'is', null)
    .where('at', '>', clock.now() - WAITING_MS)
    .orderBy('at', 'asc')
    .execute();
  return rows.map((row) => ({
    id: row.request_id,
    terminalId: row.terminal_id,
    at: row.at,
    language: row.language,
    screen: row.screen,
    ...(row.support_code === null ? {} : { supportCode: row.support_code }),
  }));
}

/** Who takes a call first goes; for everyone else it is no longer there. */
async function takeCall(
  { store, clock, changes, audit }: ConsoleAssistance,
  { tenantId, id, by }: { readonly tenantId: string; readonly id: string; readonly by: string },
): Promise<void> {
  await store.transaction(async (tx) => {
    const { numUpdatedRows } = await tx
      .of<AssistanceTables>()
      .updateTable('assistance_call')
      .set({ taken_by: by, taken_at: clock.now() })
      .where('tenant_id', '=', tenantId)
      .where('request_id', '=', id)
      .where('taken_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw fail('NOT_FOUND');
    await audit.record(tx, { tenantId, actor: by, act: 'call-answered', subject: id, detail: {} });
  });
  changes.notify(tenantId, 'assistance');
}

/** The terminal's side. To be registered behind the terminal's signature. */
export function assistanceRoutes(app: Http, options: AssistanceOptions): void {
  app.post(
    TERMINAL_ROUTES.assistance,
    { schema: { body: AssistanceRequest, response: { 200: Accepted }, tags: ['terminals'] } },
    async (request) => {
      await storeCall(options, terminalOf(request), request.body);
      return { accepted: true as const };
    },
  );
}

/** The office's side. To be registered behind the console session. */
export function assistanceConsoleRoutes(app: Http, options: ConsoleAssistance): void {
  const { gate } = options;
  app.get(
    `${CONSOLE_API}/assistance`,
    {
      onRequest: gate.needs('calls.answer'),
      schema: { response: { 200: z.array(AssistanceCall) }, tags: ['console'] },
    },
    (request) => openCalls(options, personOf(request).tenantId),
  );
  app.post(
    `${CONSOLE_API}/assistance/:id/take`,
    {
      onRequest: gate.needs('calls.answer'),
      schema: {
        params: z.object({ id: Uuid }),
        body: z.object({}).nullish(),
        response: { 200: Accepted },
        tags: ['console'],
      },
    },
    async (request) => {
      const { tenantId, user } = personOf(request);
      await takeCall(options, { tenantId, id: request.params.id, by: user });
      return { accepted: true as const };
    },
  );
}

/** Deletes calls of more than thirty days ago. */
export async function forgetCalls(store: Store, now: number): Promise<void> {
  await store
    .of<AssistanceTables>()
    .deleteFrom('assistance_call')
    .where('at', '<', now - KEPT_MS)
    .execute();
}
