import { createHash } from 'node:crypto';
import {
  Accepted,
  COMMAND_ATTACHMENTS,
  CONSOLE_API,
  CommandRow,
  CommandWrite,
  MAX_ATTACHMENT_BYTES,
  TERMINAL_ROUTES,
} from '@jolly/contracts/fleet-api';
import { TerminalId, Uuid } from '@jolly/contracts/values';
import { z } from 'zod';
import { atMost, type Http } from '../http/index.ts';
import { type ConsoleGate, personOf, terminalOf } from '../identity/index.ts';
import { fail } from '../problems/index.ts';
import type { Commands } from './commands.ts';

/** How a file leaves: end of its name, and its type where programs know another. */
const LEAVES: Readonly<Record<string, { readonly ending: string; readonly type?: string }>> = {
  'application/x-ndjson+gzip': { ending: 'ndjson.gz', type: 'application/gzip' },
  'image/png': { ending: 'png' },
  'image/jpeg': { ending: 'jpg' },
  'image/webp': { ending: 'webp' },
};

/** Files of one terminal in a minute: each answers a command of a person's. */
const MOST_FILES = 20;

/** The terminal's side. To be registered behind the terminal's signature. */
export function commandTerminalRoutes(app: Http, commands: Commands): void {
  // its own scope: only this route takes what is not JSON
  app.register(async (scope) => {
    const types = Object.values(COMMAND_ATTACHMENTS).flat();
    scope.addContentTypeParser<Buffer>(types, { parseAs: 'buffer' }, (request, body, done) => {
      request.bodySha256 = createHash('sha256').update(body).digest('hex');
      done(null, body);
    });
    (scope as Http).post(
      TERMINAL_ROUTES.commandAttachment,
      {
        bodyLimit: MAX_ATTACHMENT_BYTES,
        // before the body is read: of one terminal from one address, so that nobody uses up another's
        onRequest: atMost(scope as Http, MOST_FILES, (call) => {
          const head = call.signedHead;
          return `files of ${head?.tenantId}/${head?.terminalId} from ${call.ip}`;
        }),
        schema: { params: z.object({ id: Uuid }), response: { 200: Accepted }, tags: ['terminals'] },
      },
      async (request) => {
        const { body } = request;
        if (!Buffer.isBuffer(body)) throw fail('ATTACHMENT_REFUSED');
        const type = request.headers['content-type'] ?? '';
        await commands.attach(terminalOf(request), request.params.id, { type, content: body });
        return { accepted: true as const };
      },
    );
  });
}

/** The staff's side. To be registered behind the console session. */
export function commandConsoleRoutes(app: Http, gate: ConsoleGate, commands: Commands): void {
  const ofTerminal = `${CONSOLE_API}/terminals/:id/commands`;
  const terminal = z.object({ id: TerminalId });
  const command = z.object({ id: Uuid });
  app.get(
    ofTerminal,
    {
      onRequest: gate.needs('fleet.read'),
      schema: { params: terminal, response: { 200: z.array(CommandRow) }, tags: ['console'] },
    },
    (request) => commands.list(personOf(request).tenantId, request.params.id),
  );
  app.post(
    ofTerminal,
    {
      // who may not even this may nothing; what the kind needs is seen when it is known
      onRequest: gate.needs('command.light'),
      schema: { params: terminal, body: CommandWrite, response: { 200: CommandRow }, tags: ['console'] },
    },
    (request) => commands.send(personOf(request), request.params.id, request.body),
  );
  app.get(
    `${CONSOLE_API}/commands/:id`,
    {
      onRequest: gate.needs('fleet.read'),
      schema: { params: command, response: { 200: CommandRow }, tags: ['console'] },
    },
    (request) => commands.find(personOf(request).tenantId, request.params.id),
  );
  app.get(
    `${CONSOLE_API}/commands/:id/attachment`,
    {
      onRequest: gate.needs('command.light'),
      schema: { params: command, tags: ['console'] },
    },
    async (request, reply) => {
      const { row, attachment } = await commands.attachment(personOf(request), request.params.id);
      const day = new Date(row.createdAt).toISOString().slice(0, 10);
      const { ending, type = attachment.type } = LEAVES[attachment.type] ?? { ending: 'bin' };
      const name = `${row.terminalId}-${row.act.kind}-${day}.${ending}`;
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
        .type(type)
        .send(attachment.content);
    },
  );
}
