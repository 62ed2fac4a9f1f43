import {
  EnrolRequest,
  EnrolResponse,
  MAX_SIGNATURE_AGE_MS,
  type SignedHead,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { FEW_TRIES, type Http, isLoopbackCall, USUAL_BODY_BYTES } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import type { Store } from '../store/index.ts';
import { sameText } from './console-gate.ts';
import { openNonces } from './nonces.ts';
import { checkAge, checkSignature, publicKeyOf, signedBy, signedHead } from './signature.ts';
import { findTerminal, mustBeTrusted, verifyingKeys } from './standing.ts';
import type { IdentityTables, TerminalStatus } from './tables.ts';

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
  /** Refuses a call without signature, of nobody who is known, or late, before its body is read. */
  head(request: FastifyRequest): Promise<void>;
  /** Checks signature, clock and nonce once the body is there, before it is looked at. */
  signature(request: FastifyRequest): Promise<void>;
}

/**
 * What a terminal may still do while its key is suspect, or after it was taken out: finish money that was charged, close a day, hear
 * the time. Whatever is not named here begins something, or tells something nobody should learn from a copied key.
 */
const FINISHING: ReadonlySet<string> = new Set([
  `GET ${TERMINAL_ROUTES.time}`,
  `GET ${TERMINAL_ROUTES.payment}`,
  `POST ${TERMINAL_ROUTES.outcome}`,
  `POST ${TERMINAL_ROUTES.facts}`,
  `POST ${TERMINAL_ROUTES.receipt}`,
  `GET ${TERMINAL_ROUTES.authorisation}`,
  `POST ${TERMINAL_ROUTES.posDays}`,
  `DELETE ${TERMINAL_ROUTES.citizen}`,
]);

export function terminalGate(store: Store, clock: Clock): TerminalGate {
  const nonces = openNonces(store, clock);
  return {
    async head(request) {
      const head = signedHead(request);
      request.signedHead = head;
      // a call with a small body is looked at once, when it is whole
      if (!mayBeLarge(request)) return;
      const row = await findTerminal(store, head);
      if (!row) throw fail('SIGNATURE_REFUSED');
      checkAge(head, clock.now());
      mustBeTrusted(row.status);
    },
    async signature(request) {
      const head = request.signedHead;
      if (!head) throw fail('NOT_SIGNED');
      const now = clock.now();
      const row = await findTerminal(store, head);
      if (!row || !signedBy(request, head, verifyingKeys(row, now))) throw fail('SIGNATURE_REFUSED');
      checkAge(head, now);
      if (row.status === 'revoked') throw fail('TERMINAL_REVOKED');
      if (!FINISHING.has(`${request.method} ${request.routeOptions.url}`)) mustBeTrusted(row.status);
      await nonces.use({ ...head, expiresAt: head.timestamp + MAX_SIGNATURE_AGE_MS });
      request.terminal = { tenantId: head.tenantId, terminalId: head.terminalId };
    },
  };
}

/** Bodies up to the house's limit are read before the signature is checked; larger ones only of who may send them. */
const mayBeLarge = (request: FastifyRequest): boolean =>
  (request.routeOptions.bodyLimit ?? 0) > USUAL_BODY_BYTES;

/** Puts every route of `scope` behind the terminal's signature. */
export function guardTerminal(scope: Http, gate: TerminalGate): void {
  scope.addHook('onRequest', gate.head);
  scope.addHook('preValidation', gate.signature);
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
      if (known.status !== 'enrolled') mustBeTrusted(known.status);
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
        status: 'enrolled',
        suspect_why: null,
        site_id: null,
        serial: null,
        key_since: enrolledAt,
        previous_key: null,
        previous_until: null,
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
  readonly status: TerminalStatus;
}

/** Every terminal that there ever was: what a decommissioned one did stays to be seen. */
export async function enrolledTerminals(store: Store, tenantId: string): Promise<EnrolledTerminal[]> {
  const rows = await store
    .of<IdentityTables>()
    .selectFrom('terminal')
    .select(['terminal_id', 'site', 'status'])
    .where('tenant_id', '=', tenantId)
    .orderBy('terminal_id')
    .execute();
  return rows.map((row) => ({ terminalId: row.terminal_id, site: row.site, status: row.status }));
}
