import {
  ChangePassword,
  ConsoleMe,
  PEOPLE_ROUTES,
  TotpBegin,
  TotpConfirm,
  TotpEnrolment,
} from '@jolly/contracts/fleet-api';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callerOf, type Http } from '../http/index.ts';
import { type ConsoleGate, sessionOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import { homeOf, type PeopleParts, renew, totpContext } from './context.ts';
import { findById, type PersonRow, takeStep, updatePerson } from './persons.ts';
import { checkPassword, takeCode } from './sign-in.ts';
import { newTotpSecret, stepOfCode, totpUrl } from './totp.ts';

const tags = ['people'];

/** What people do to their own account. Behind the console's session. */
export function ownAffairs(app: Http, parts: PeopleParts, gate: ConsoleGate): void {
  const { store, keyring, clock, audit, sessions } = parts;

  app.post(
    PEOPLE_ROUTES.myTotp,
    {
      onRequest: gate.anyone,
      config: { beforeTotp: true },
      schema: { body: TotpBegin.nullish(), response: { 200: TotpEnrolment }, tags },
    },
    async (request) => {
      const person = await localSelf(parts, request);
      // Who took over an open session must not put their own authenticator in the place of the person's.
      if (person.totp_sealed !== null)
        await counted(parts, person, request, request.body?.totp ?? '', takeCode);
      const secret = newTotpSecret();
      await updatePerson(store, person, { totp_pending: keyring.seal(secret, totpContext(person)) });
      return { secret, url: totpUrl(secret, person.user_name) };
    },
  );

  app.post(
    PEOPLE_ROUTES.confirmTotp,
    {
      onRequest: gate.anyone,
      config: { beforeTotp: true },
      schema: { body: TotpConfirm, response: { 200: ConsoleMe }, tags },
    },
    async (request, reply) => {
      const person = await localSelf(parts, request);
      const pending = person.totp_pending;
      if (pending === null) throw fail('SIGN_IN_REFUSED');
      const step = stepOfCode(keyring.open(pending, totpContext(person)), request.body.totp, clock.now());
      if (step === undefined) throw fail('SIGN_IN_REFUSED');
      const me = await renew(
        parts,
        { request, reply },
        sessionOf(request),
        { stage: 'whole' },
        async (tx) => {
          await updatePerson(tx, person, { totp_sealed: pending, totp_pending: null, totp_step: null });
          await takeStep(tx, person, step);
          await sessions.endAllOf(tx, person.person_id);
          await recordOwn(parts, tx, person, 'second-factor-enrolled');
        },
      );
      parts.changes.notify(me.tenantId, 'people');
      return me;
    },
  );

  app.post(
    PEOPLE_ROUTES.myPassword,
    { onRequest: gate.anyone, schema: { body: ChangePassword, response: { 200: ConsoleMe }, tags } },
    async (request, reply) => {
      const person = await localSelf(parts, request);
      const { current, password } = request.body;
      await counted(parts, person, request, current, (_, { password: stored }, given) =>
        parts.passwords.verify(given, stored),
      );
      checkPassword(parts, person, password);
      const sealed = await parts.passwords.hash(password);
      return renew(parts, { request, reply }, sessionOf(request), {}, async (tx) => {
        await updatePerson(tx, person, { password: sealed });
        await sessions.endAllOf(tx, person.person_id);
        await recordOwn(parts, tx, person, 'password-set');
      });
    },
  );

  app.delete(
    PEOPLE_ROUTES.mySessions,
    { onRequest: gate.anyone, schema: { response: { 204: z.void() }, tags } },
    async (request, reply) => {
      const person = await findById(store, sessionOf(request).personId);
      if (!person) throw fail('SIGN_IN_NEEDED');
      await store.transaction(async (tx) => {
        await sessions.endAllOf(tx, person.person_id);
        await audit.record(tx, {
          tenantId: homeOf(person),
          actor: person.user_name,
          act: 'signed-out-everywhere',
          subject: person.user_name,
          detail: {},
        });
      });
      sessions.clear(reply);
      return reply.code(204).send();
    },
  );
}

/** Passwords and second factors are of who signs in with a password kept here. */
async function localSelf(parts: PeopleParts, request: FastifyRequest): Promise<PersonRow> {
  const session = sessionOf(request);
  const person = await findById(parts.store, session.personId);
  if (!person || session.way !== 'local' || person.way !== 'local') throw fail('NOT_ALLOWED');
  return person;
}

/** A proof asked again within a session counts like one at the door. Throws SIGN_IN_REFUSED. */
async function counted(
  parts: PeopleParts,
  person: PersonRow,
  request: FastifyRequest,
  given: string,
  right: (parts: PeopleParts, person: PersonRow, given: string) => Promise<boolean>,
): Promise<void> {
  const tried = await parts.throttle.take(person.user_key, callerOf(request));
  if (!(await right(parts, person, given))) throw fail('SIGN_IN_REFUSED');
  await tried.right();
}

function recordOwn(
  { audit }: PeopleParts,
  tx: Parameters<PeopleParts['audit']['record']>[0],
  person: PersonRow,
  act: string,
): Promise<void> {
  const { user_name: user } = person;
  return audit.record(tx, {
    tenantId: homeOf(person),
    actor: user,
    act,
    subject: user,
    detail: { by: 'self' },
  });
}
