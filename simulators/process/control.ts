import Fastify, { type FastifyInstance } from 'fastify';
import type { z } from 'zod';

/** An action that is understood and cannot be done now; its message is for the panel. */
export class ActionRefused extends Error {}

/** What a simulator answers on its control address. */
export interface Controlled<Action> {
  /** Body of `GET /state`. */
  state(): unknown | Promise<unknown>;
  /** Does one action and gives the answer of `POST /act`. */
  act(action: Action): unknown | Promise<unknown>;
  /** Further routes. */
  routes?(app: FastifyInstance): void;
}

const problem = (status: number, title: string, code: string, more: object = {}) => ({
  ...{ type: 'about:blank', title, status, code },
  ...more,
});

/** The control address: `GET /state`, `POST /act` with one action of the schema. To be told where to listen. */
export function controlServer<Schema extends z.ZodType>(
  actions: Schema,
  controlled: Controlled<z.output<Schema>>,
): FastifyInstance {
  const app = Fastify({ logger: false });
  app.get('/state', () => controlled.state());
  app.post('/act', async (request, reply) => {
    const parsed = actions.safeParse(request.body);
    if (!parsed.success) {
      const faults = parsed.error.issues.map((issue) => ({
        path: issue.path.join('.'),
        message: issue.message,
      }));
      return reply
        .code(400)
        .type('application/problem+json')
        .send(problem(400, 'Action not understood', 'ACTION_INVALID', { faults }));
    }
    try {
      return await controlled.act(parsed.data);
    } catch (error) {
      if (!(error instanceof ActionRefused)) throw error;
      return reply
        .code(409)
        .type('application/problem+json')
        .send(problem(409, 'Action refused', 'ACTION_REFUSED', { detail: error.message }));
    }
  });
  controlled.routes?.(app);
  return app;
}

/** Ends the process cleanly on SIGTERM and Ctrl-C. */
export function endOnSignal(end: () => Promise<void>): void {
  const stop = async () => {
    await end();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
