import {
  AcceptEnrolment,
  Accepted,
  CONSOLE_API,
  EnrolmentAct,
  EnrolmentCode,
  may,
  PendingEnrolment,
  PlaceTerminal,
  PreAuthorisation,
  PreAuthorise,
} from '@jolly/contracts/fleet-api';
import { TenantId, TerminalId } from '@jolly/contracts/values';
import { z } from 'zod';
import { atMost, type Http } from '../http/index.ts';
import { type ConsoleGate, personOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { mustFindSite, placeTerminal } from '../sites/index.ts';
import { acceptEnrolment, actOnTerminal, refuseEnrolment } from './acts.ts';
import type { EnrolmentParts } from './parts.ts';
import { hintedAt, lookedAt, mustFindCode, pendingOf } from './pending.ts';
import { listPreAuthorisations, preAuthorise, withdrawPreAuthorisation } from './pre-authorisations.ts';

const tags = ['console'];
const CodeParams = z.object({ code: EnrolmentCode });
const TerminalParams = z.object({ id: TerminalId });
const Taken = z.object({ tenantId: TenantId, terminalId: TerminalId });
/** As often as a person reads codes from screens and serials from plates in a minute. */
const BY_HAND = 60;
const done = { accepted: true as const };

/** To be registered behind the console session. */
export function enrolmentConsoleRoutes(app: Http, parts: EnrolmentParts, gate: ConsoleGate): void {
  waitingRoutes(app, parts, gate);
  preAuthorisationRoutes(app, parts, gate);
  terminalRoutes(app, parts, gate);
}

/** A code is known to who reads it on a screen: it is asked for one at a time, and not often. */
function waitingRoutes(app: Http, parts: EnrolmentParts, gate: ConsoleGate): void {
  const onRequest = gate.needs('enrolment.write');
  const { store, clock } = parts;
  const few = [onRequest, atMost(app, BY_HAND, (call) => `codes of ${personOf(call).user}`)];
  app.get(
    `${CONSOLE_API}/enrolments`,
    { onRequest, schema: { response: { 200: z.array(PendingEnrolment) }, tags } },
    async (request) => {
      const rows = await hintedAt(store, clock.now(), personOf(request).tenantId);
      return rows.map(pendingOf);
    },
  );
  app.get(
    `${CONSOLE_API}/enrolments/:code`,
    {
      onRequest: few,
      schema: { params: CodeParams, response: { 200: PendingEnrolment }, tags },
    },
    async (request) => {
      const { tenantId } = personOf(request);
      const row = await mustFindCode(store, clock.now(), tenantId, request.params.code);
      await lookedAt(store, clock.now(), row);
      return pendingOf(row);
    },
  );
  app.post(
    `${CONSOLE_API}/enrolments/:code/accept`,
    {
      onRequest: few,
      schema: { params: CodeParams, body: AcceptEnrolment, response: { 200: Taken }, tags },
    },
    (request) => acceptEnrolment(parts, personOf(request), request.params.code, request.body),
  );
  app.post(
    `${CONSOLE_API}/enrolments/:code/refuse`,
    {
      onRequest: few,
      schema: { params: CodeParams, body: z.object({}).nullish(), response: { 200: Accepted }, tags },
    },
    async (request) => {
      await refuseEnrolment(parts, personOf(request), request.params.code);
      return done;
    },
  );
}

function preAuthorisationRoutes(app: Http, parts: EnrolmentParts, gate: ConsoleGate): void {
  const onRequest = gate.needs('enrolment.write');
  const few = [onRequest, atMost(app, BY_HAND, (call) => `serials of ${personOf(call).tenantId}`)];
  const path = `${CONSOLE_API}/pre-authorisations`;
  app.get(path, { onRequest, schema: { response: { 200: z.array(PreAuthorisation) }, tags } }, (request) =>
    listPreAuthorisations(parts.store, parts.clock.now(), personOf(request).tenantId),
  );
  app.post(
    path,
    {
      onRequest: few,
      schema: { body: PreAuthorise, response: { 200: PreAuthorisation }, tags },
    },
    (request) => preAuthorise(parts, personOf(request), request.body),
  );
  app.delete(
    `${path}/:serial`,
    {
      onRequest,
      schema: { params: z.object({ serial: PreAuthorise.shape.serial }), response: { 200: Accepted }, tags },
    },
    async (request) => {
      await withdrawPreAuthorisation(parts, personOf(request), request.params.serial);
      return done;
    },
  );
}

function terminalRoutes(app: Http, parts: EnrolmentParts, gate: ConsoleGate): void {
  const onRequest = gate.needs('enrolment.write');
  app.post(
    `${CONSOLE_API}/terminals/:id/enrolment`,
    { onRequest, schema: { params: TerminalParams, body: EnrolmentAct, response: { 200: Accepted }, tags } },
    async (request) => {
      const person = personOf(request);
      if (request.body.act === 'decommission' && !may(person.role, 'command.destructive')) {
        throw fail('NOT_ALLOWED');
      }
      await actOnTerminal(parts, person, request.params.id, request.body);
      return done;
    },
  );
  app.put(
    `${CONSOLE_API}/terminals/:id/site`,
    { onRequest, schema: { params: TerminalParams, body: PlaceTerminal, response: { 200: Accepted }, tags } },
    async (request) => {
      const { tenantId, user } = personOf(request);
      const { siteId } = request.body;
      const terminalId = request.params.id;
      await parts.store.transaction(async (tx) => {
        const site = siteId === null ? undefined : await mustFindSite(tx, tenantId, siteId);
        await placeTerminal(tx, { tenantId, terminalId }, site);
        await parts.audit.record(tx, {
          tenantId,
          actor: user,
          act: 'terminal-placed',
          subject: terminalId,
          detail: { site: site?.name ?? '' },
        });
      });
      parts.changes.notify(tenantId, 'terminals');
      parts.watchers.placed({ tenantId, terminalId });
      return done;
    },
  );
}
