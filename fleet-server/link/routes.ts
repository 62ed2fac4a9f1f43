import { describeLink } from '@jolly/contracts/fleet-link';
import type { Http } from '../http/index.ts';
import type { ConsoleGate } from '../identity/index.ts';

/** The description of the link, beside that of the HTTP API. To be registered behind the console session. */
export function linkRoutes(app: Http, gate: ConsoleGate): void {
  const text = JSON.stringify(describeLink());
  app.get(
    '/api/asyncapi.json',
    {
      onRequest: gate.needs('fleet.read'),
      schema: { produces: ['application/json'], tags: ['link'] },
    },
    (_, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .serializer((body: string) => body)
        .send(text),
  );
}
