import { PEOPLE_ROUTES, type Role } from '@jolly/contracts/fleet-api';
import { isJollyError } from '@jolly/contracts/values';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CENTRE } from '../audit/index.ts';
import { FEW_SIGN_INS, type Http } from '../http/index.ts';
import { fail } from '../problems/index.ts';
import { enter, type PeopleParts } from './context.ts';
import { type Journey, type OidcClient, openOidcClient, type ProvenIdentity } from './oidc.ts';
import {
  createPerson,
  findById,
  findByUser,
  type PersonRow,
  rolesOf,
  setRole,
  updatePerson,
} from './persons.ts';
import type { OidcProvider } from './settings.ts';
import type { PeopleTables } from './tables.ts';

const JOURNEY_MS = 10 * 60_000;
const params = z.object({ id: z.string().max(30) });
const JourneyText = z.object({
  provider: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  at: z.number(),
});

/** Signing in through a provider: there and back by redirects of the browser's. Open to all. */
export function oidcRoutes(app: Http, parts: PeopleParts, secureCookies: boolean): void {
  const providers = new Map<string, { readonly provider: OidcProvider; readonly client: OidcClient }>();
  for (const provider of parts.settings.oidc) {
    const client = openOidcClient(provider, parts.vault, (error) =>
      parts.log.warn({ err: error, provider: provider.id }, 'sign-in provider'),
    );
    providers.set(provider.id, { provider, client });
  }
  const cookie = secureCookies ? '__Host-jolly_oidc' : 'jolly_oidc';
  // Lax: the browser comes back from the provider's site with it.
  const place = { httpOnly: true, sameSite: 'lax', secure: secureCookies, path: '/' } as const;
  const home = () => parts.publicUrl().replace(/\/$/, '');
  const of = (id: string) => {
    const found = providers.get(id);
    if (!found) throw fail('NOT_FOUND');
    return found;
  };
  const schema = { params, hide: true };

  app.get(PEOPLE_ROUTES.oidcStart, { config: FEW_SIGN_INS, schema }, (request, reply) =>
    refusedToPage(parts, request, reply, async () => {
      const { provider, client } = of(request.params.id);
      const redirectUri = `${home()}${PEOPLE_ROUTES.oidcCallback.replace(':id', provider.id)}`;
      const { url, journey } = await client.start(redirectUri, parts.clock.now());
      const sealed = parts.keyring.seal(JSON.stringify(journey), cookie);
      reply.setCookie(cookie, sealed, { ...place, maxAge: JOURNEY_MS / 1000 });
      return url;
    }),
  );

  app.get(PEOPLE_ROUTES.oidcCallback, { config: FEW_SIGN_INS, schema }, (request, reply) =>
    refusedToPage(parts, request, reply, async () => {
      const { provider, client } = of(request.params.id);
      const journey = journeyOf(parts, request.cookies[cookie], cookie);
      reply.clearCookie(cookie, place);
      const now = parts.clock.now();
      if (journey?.provider !== provider.id || now - journey.at > JOURNEY_MS) throw fail('SIGN_IN_REFUSED');
      const address = new URL(`${home()}${request.url}`);
      const person = await personFor(parts, provider, await client.finish(address, journey, now));
      await enter(parts, { request, reply }, { person, way: 'oidc', stage: 'whole' });
      return '/console/';
    }),
  );
}

/** These are pages, not calls: a refusal is told by the sign-in page. */
async function refusedToPage(
  { log }: PeopleParts,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<string>,
): Promise<FastifyReply> {
  try {
    return reply.redirect(await work());
  } catch (error) {
    if (!isJollyError(error)) throw error;
    log.warn({ code: error.code, request: request.id }, 'sign-in through a provider refused');
    return reply.redirect(`/console/#/sign-in/${error.code}`);
  }
}

function journeyOf(
  { keyring }: PeopleParts,
  sealed: string | undefined,
  context: string,
): Journey | undefined {
  if (!sealed) return undefined;
  try {
    return JourneyText.parse(JSON.parse(keyring.open(sealed, context)));
  } catch (error) {
    if (isJollyError(error) || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/**
 * The person of a proven identity: the one bound to it at the first sign-in; else one entered beforehand under that name and not
 * bound yet; else, where groups are set, a new one. A name that the provider gives to somebody else later opens nothing.
 */
async function personFor(
  parts: PeopleParts,
  provider: OidcProvider,
  { subject, claims }: ProvenIdentity,
): Promise<PersonRow> {
  if (provider.acr && !provider.acr.includes(String(claims.acr))) throw fail('SIGN_IN_REFUSED');
  const { store } = parts;
  const bound = await store
    .of<PeopleTables>()
    .selectFrom('person')
    .selectAll()
    .where('oidc_provider', '=', provider.id)
    .where('oidc_subject', '=', subject)
    .executeTakeFirst();
  const person = bound
    ? await regrouped(parts, provider, bound, claims)
    : await bind(parts, provider, subject, claims);
  if (person.way !== 'oidc' || person.disabled === 1 || !(await isWithin(parts, provider, person))) {
    throw fail('SIGN_IN_REFUSED');
  }
  return person;
}

/** A provider of some municipalities opens no other one, nor the centre: it could say of anybody that it is they. */
async function isWithin({ store }: PeopleParts, provider: OidcProvider, person: PersonRow): Promise<boolean> {
  if (provider.tenants === undefined) return true;
  if (person.centre_admin === 1 || !isKept(provider, person.tenant_id)) return false;
  return [...(await rolesOf(store, person.person_id)).keys()].every((each) => isKept(provider, each));
}

const isKept = (provider: OidcProvider, tenantId: string): boolean =>
  provider.tenants === undefined || provider.tenants.includes(tenantId);

async function bind(
  parts: PeopleParts,
  provider: OidcProvider,
  subject: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<PersonRow> {
  const user = claims[provider.userClaim];
  if (typeof user !== 'string' || user === '' || user.length > 120) throw fail('SIGN_IN_REFUSED');
  if (provider.userClaim === 'email' && claims.email_verified !== true) throw fail('SIGN_IN_REFUSED');
  return parts.store.transaction(async (tx) => {
    const known = await findByUser(tx, user);
    const place = groupOf(parts, provider, claims);
    if (known) {
      if (
        known.way !== 'oidc' ||
        known.oidc_subject !== null ||
        known.oidc_provider !== provider.id ||
        !isKept(provider, known.tenant_id)
      ) {
        throw fail('SIGN_IN_REFUSED');
      }
      await updatePerson(tx, known, { oidc_provider: provider.id, oidc_subject: subject });
    } else if (!place) throw fail('SIGN_IN_REFUSED');
    const person =
      known ??
      (await createPerson(tx, parts.clock.now(), {
        user,
        name: typeof claims.name === 'string' && claims.name !== '' ? claims.name.slice(0, 120) : user,
        way: 'oidc',
        role: place?.role ?? 'viewer',
        tenantId: place?.tenantId ?? CENTRE,
        oidc: { provider: provider.id, subject },
      }));
    await parts.audit.record(tx, {
      tenantId: person.tenant_id,
      actor: 'system',
      act: known ? 'person-bound' : 'person-added',
      subject: person.user_name,
      detail: { provider: provider.id },
    });
    return (await findById(tx, person.person_id)) ?? person;
  });
}

/** Whom a group made is at each sign-in what their groups say now, and nothing where none says anything. */
async function regrouped(
  parts: PeopleParts,
  provider: OidcProvider,
  person: PersonRow,
  claims: Readonly<Record<string, unknown>>,
): Promise<PersonRow> {
  if (person.by_groups === 0) return person;
  const place = groupOf(parts, provider, claims);
  await parts.store.transaction(async (tx) => {
    const roles = await rolesOf(tx, person.person_id);
    const centre = place?.role === 'centre-admin' ? 1 : 0;
    const same =
      centre === 1
        ? roles.size === 0
        : place
          ? roles.size === 1 && roles.get(place.tenantId) === place.role
          : roles.size === 0;
    if (same && person.centre_admin === centre) return;
    await tx.of<PeopleTables>().deleteFrom('person_role').where('person_id', '=', person.person_id).execute();
    await updatePerson(tx, person, { centre_admin: centre });
    if (place && centre === 0) await setRole(tx, place.tenantId, person.person_id, place.role);
    await parts.sessions.endAllOf(tx, person.person_id);
    await parts.audit.record(tx, {
      tenantId: person.tenant_id,
      actor: 'system',
      act: 'person-changed',
      subject: person.user_name,
      detail: { provider: provider.id, role: place?.role ?? '' },
    });
  });
  if (!place) throw fail('SIGN_IN_REFUSED');
  return (await findById(parts.store, person.person_id)) ?? person;
}

/** The first of the settings' groups that the person is in. */
function groupOf(
  { tenants }: PeopleParts,
  { groups, ...provider }: OidcProvider,
  claims: Readonly<Record<string, unknown>>,
): { readonly role: Role; readonly tenantId: string } | undefined {
  if (!groups) return undefined;
  const has = [claims[groups.claim]].flat();
  const found = groups.roles.find(({ value }) => has.includes(value));
  if (!found) return undefined;
  const tenantId = found.role === 'centre-admin' ? CENTRE : found.tenantId;
  if (tenantId === undefined || (tenantId !== CENTRE && !tenants.has(tenantId))) return undefined;
  return provider.tenants && !provider.tenants.includes(tenantId)
    ? undefined
    : { role: found.role, tenantId };
}
