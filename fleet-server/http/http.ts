import { createHash, randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { SERVER_TIME_HEADER } from '@jolly/contracts/fleet-api';
import type { Clock } from '@jolly/contracts/values';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { fail } from '../problems/index.ts';
import { callerOf, passedOn } from './callers.ts';
import { answerProblem, sendProblem } from './refusals.ts';

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 of the body as received, hex: what a terminal signs. */
    bodySha256: string;
  }
}

/** What a body may have where its route does not say otherwise. */
export const USUAL_BODY_BYTES = 256 * 1024;

const EMPTY_SHA256 = createHash('sha256').digest('hex');
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export interface HttpOptions {
  readonly clock: Clock;
  readonly production: boolean;
  readonly trustedProxies?: readonly string[];
  /** Undefined = silent. Lines go to standard error: standard output is for the ready line. */
  readonly logLevel?: 'info' | 'warn' | 'debug';
  /** Where lines go in place of standard error. */
  readonly logTo?: { write(line: string): void };
  readonly bodyLimitBytes?: number;
}

/**
 * The HTTP frame of every route: schemas decide what comes in and what goes out, every refusal is problem+json, every
 * answer tells the server's time. Logs name the route's pattern, never the address asked for (it may hold a token),
 * never a body.
 */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const app = Fastify({
    logger: options.logLevel
      ? {
          level: options.logLevel,
          stream: options.logTo ?? process.stderr,
          redact: ['req.headers', 'res.headers'],
          serializers: { req: describeRequest },
        }
      : false,
    bodyLimit: options.bodyLimitBytes ?? USUAL_BODY_BYTES,
    // The word of a proxy that the settings do not name is not taken; the demo's doors look at the socket itself.
    trustProxy:
      options.trustedProxies && options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    requestTimeout: 30_000,
  }).withTypeProvider<ZodTypeProvider>();

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'NOT_FOUND'));
  app.decorateRequest('bodySha256', EMPTY_SHA256);

  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.bodySha256 = createHash('sha256').update(body).digest('hex');
    if (body.length === 0) return done(null, undefined);
    return parseJson(request, body.toString('utf8'), done);
  });

  let told = !options.production;
  app.addHook('onRequest', async (request) => {
    if (told || !passedOn(request)) return;
    told = true;
    app.log.warn(
      'a proxy passes calls on whose word is not taken: name its address in trustedProxies, or callers are not told apart',
    );
  });

  app.addHook('onSend', async (request, reply, payload) => {
    reply.header(SERVER_TIME_HEADER, String(options.clock.now()));
    reply.header('jolly-request', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('x-frame-options', 'DENY');
    reply.header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', NOTHING_ALLOWED);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (options.production) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains');
    return payload;
  });

  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => fail('TOO_MANY_REQUESTS'),
  });
  return app as unknown as Http;
}

/** At most this many tries a minute from one address: for the doors where a secret could be guessed. */
export const FEW_TRIES = { rateLimit: { max: 20, timeWindow: 60_000 } } as const;

/**
 * The same for the doors of sign-in, which a stranger must not shut for everybody: who cannot be told apart is not counted here, but
 * by account (people/throttle.ts), and by the proxy.
 */
export const FEW_SIGN_INS = {
  rateLimit: {
    ...FEW_TRIES.rateLimit,
    allowList: (request: FastifyRequest) => callerOf(request) === undefined,
    keyGenerator: (request: FastifyRequest) => callerOf(request) ?? request.ip,
  },
} as const;

/**
 * A door's own limit of calls a minute, whoever `keyOf` says is one caller. The plugin counts a call once: where a whole scope has a
 * limit already, a route's `config` has none.
 */
export function atMost(
  app: Http,
  max: number,
  keyOf: (request: FastifyRequest) => string,
): (request: FastifyRequest) => Promise<void> {
  const count = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator: keyOf });
  return async (request) => {
    const found = await count(request);
    if (!found.isAllowed && found.isExceeded) throw fail('TOO_MANY_REQUESTS');
  };
}

/** At most this many calls a minute of one session to the console's API: a page makes a few dozen. */
export const MOST_CALLS = { max: 1_200, timeWindow: 60_000 } as const;

function describeRequest(request: FastifyRequest): Record<string, unknown> {
  return { id: request.id, method: request.method, route: request.routeOptions?.url ?? 'none' };
}
