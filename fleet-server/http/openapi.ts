import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyRequest } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Http } from './http.ts';

/** Collects the OpenAPI description from the schemas of all routes registered after it. */
export async function describeApi(app: Http): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Jolly fleet server',
        version: '0.1.0',
        description:
          'Terminals sign every call with their device key (headers jolly-*). People use the console session. ' +
          'Every refusal is application/problem+json with a code.',
      },
      components: {
        securitySchemes: {
          terminalSignature: { type: 'apiKey', in: 'header', name: 'jolly-signature' },
          consoleSession: { type: 'apiKey', in: 'cookie', name: 'jolly_session' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
}

/** Serves the description as a page under /docs, for those whom `guards` let in. */
export async function serveApiPage(
  app: Http,
  guards: readonly ((request: FastifyRequest) => Promise<void>)[],
): Promise<void> {
  await app.register(async (scope) => {
    for (const guard of guards) scope.addHook('onRequest', guard);
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      // The page's own needs and no more: nothing from another host, and no upgrade to https on the demo's loopback.
      staticCSP:
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      uiConfig: { supportedSubmitMethods: [] },
    });
  });
}
