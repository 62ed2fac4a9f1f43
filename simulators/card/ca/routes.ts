import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Authority } from './authority.ts';

/** Who can be asked about certificates, as long as the panel lets them be reached. */
export interface AskedAuthority {
  readonly caReachable: boolean;
  readonly cards: { readonly authority: Authority };
}

/** `GET /ca/citizen.crl`, `GET /ca/cns.crl` and `POST /ca/ocsp`: where the certificates point to. */
export function authorityRoutes(app: FastifyInstance, begun: Promise<AskedAuthority>): void {
  const give = async (reply: FastifyReply, type: string, make: (authority: Authority) => Uint8Array) => {
    const { caReachable, cards } = await begun;
    if (caReachable) return reply.type(type).send(Buffer.from(make(cards.authority)));
    // As from a machine that is not there: no answer of any kind.
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  };
  for (const issuer of ['citizen', 'cns'] as const)
    app.get(`/ca/${issuer}.crl`, (_request, reply) =>
      give(reply, 'application/pkix-crl', (authority) => authority.crl(issuer)),
    );
  app.addContentTypeParser(
    'application/ocsp-request',
    { parseAs: 'buffer', bodyLimit: 16_384 },
    (_request, body, done) => done(null, body),
  );
  app.post('/ca/ocsp', (request, reply) => {
    const asked = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
    return give(reply, 'application/ocsp-response', (authority) => authority.ocsp(new Uint8Array(asked)));
  });
}
