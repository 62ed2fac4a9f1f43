import {
  EnrolRequest,
  EnrolResponse,
  MAX_SIGNATURE_AGE_MS,
  type SignedHead,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { FEW_TRIES, type Http, isLoopbackCall } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { sameText } from './console-gate.ts';
import { checkSignature, publicKeyOf, signedHead } from './signature.ts';
import type { IdentityTables } from './tables.ts';

/** Who signed the call. Only a checked signature makes one. */
export interface TerminalIdentity {
  readonly tenantId: string;
  readonly terminalId: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    signedHead: SignedHead | null;
    terminal: TerminalIdentity | null;
  }
}

/** The terminal that signed this request; only for routes behind `guardTerminal`. */
export function terminalOf(request: FastifyRequest): TerminalIdentity {
  if (!request.terminal) throw fail('NOT_SIGNED');
  return request.terminal;
}

export interface TerminalGate {
  /** Refuses a call without signature before its body is read. */
  head(request: FastifyRequest): Promise<void>;
  /** Checks signature, clock and nonce once the body is there, before it is looked at. */
  signature(request: FastifyRequest): Promise<void>;
}

export function terminalGate(store: Store, clock: Clock): TerminalGate {
  const db = store.of<IdentityTables>();
  return {
    async head(request) {
      request.signedHead = signedHead(request);
    },
    async signature(request) {
      const head = request.signedHead;
      if (!head) throw fail('NOT_SIGNED');
      const row = await db
        .selectFrom('terminal')
        .select('public_key')
        .where('tenant_id', '=', head.tenantId)
        .where('terminal_id', '=', head.terminalId)
        .executeTakeFirst();
      const key = row && publicKeyOf(row.public_key);
      if (!key) throw fail('SIGNATURE_REFUSED');
      checkSignature(request, head, key, clock.now());
      await useNonce(store, head);
      request.terminal = { tenantId: head.tenantId, terminalId: head.terminalId };
    },
  };
}

/** Puts every route of `scope` behind the terminal's signature. */
export function guardTerminal(scope: Http, gate: TerminalGate): void {
  scope.addHook('onRequest', gate.head);
  scope.addHook('preValidation', gate.signature);
}

/** Throws REPLAYED when this signature was accepted before, by this process or by one before it. */
async function useNonce(store: Store, head: SignedHead): Promise<void> {
  const { numInsertedOrUpdatedRows } = await store
    .of<IdentityTables>()
    .insertInto('seen_nonce')
    .values({
      tenant_id: head.tenantId,
      terminal_id: head.terminalId,
      nonce: head.nonce,
      // The last instant at which the signature could still pass the clock's check.
      expires_at: head.timestamp + MAX_SIGNATURE_AGE_MS,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) throw fail('REPLAYED');
}

export interface EnrolmentOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenants: ReadonlySet<string>;
  /** Undefined = development enrolment is closed. */
  readonly developmentCode: string | undefined;
}

/**
 * Development enrolment: the terminal signs this call with the key it brings, so it cannot enrol a key it does not
 * hold. Open in demo mode on loopback only; safe to repeat with the same key.
 */
export function enrolmentRoutes(app: Http, options: EnrolmentOptions): void {
  app.post(
    TERMINAL_ROUTES.enrolment,
    {
      config: FEW_TRIES,
      schema: { body: EnrolRequest, response: { 200: EnrolResponse }, tags: ['identity'] },
      onRequest: async (request) => {
        request.signedHead = signedHead(request);
        if (options.developmentCode === undefined || !isLoopbackCall(request)) throw fail('ENROLMENT_CLOSED');
      },
    },
    async (request) => {
      const { body, signedHead: head } = request;
      const key = publicKeyOf(body.publicKey);
      if (!head || !key || head.tenantId !== body.tenantId || head.terminalId !== body.terminalId) {
        throw fail('SIGNATURE_REFUSED');
      }
      checkSignature(request, head, key, options.clock.now());
      if (!sameText(body.code, options.developmentCode ?? '') || !options.tenants.has(body.tenantId)) {
        throw fail('ENROLMENT_REFUSED');
      }
      const enrolledAt = await enrol(options, body);
      return { tenantId: body.tenantId, terminalId: body.terminalId, enrolledAt };
    },
  );
}

function enrol({ store, clock }: EnrolmentOptions, body: EnrolRequest): Promise<number> {
  return store.transaction(async (tx) => {
    const db = tx.of<IdentityTables>();
    const known = await db
      .selectFrom('terminal')
      .selectAll()
      .where('tenant_id', '=', body.tenantId)
      .where('terminal_id', '=', body.terminalId)
      .executeTakeFirst();
    if (known) {
      if (known.public_key !== body.publicKey) throw fail('ALREADY_ENROLLED');
      return known.enrolled_at;
    }
    const enrolledAt = clock.now();
    await db
      .insertInto('terminal')
      .values({
        tenant_id: body.tenantId,
        terminal_id: body.terminalId,
        public_key: body.publicKey,
        site: body.site,
        enrolled_at: enrolledAt,
      })
      .execute();
    return enrolledAt;
  });
}

/** Forgets nonces that have had their time. */
export async function forgetExpired(store: Store, now: number): Promise<void> {
  const db = store.of<IdentityTables>();
  await db.deleteFrom('seen_nonce').where('expires_at', '<', now).execute();
}

export interface EnrolledTerminal {
  readonly terminalId: string;
  readonly site: string;
}

export async function enrolledTerminals(store: Store, tenantId: string): Promise<EnrolledTerminal[]> {
  const rows = await store
    .of<IdentityTables>()
    .selectFrom('terminal')
    .select(['terminal_id', 'site'])
    .where('tenant_id', '=', tenantId)
    .orderBy('terminal_id')
    .execute();
  return rows.map((row) => ({ terminalId: row.terminal_id, site: row.site }));
}
