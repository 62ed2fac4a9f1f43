import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CommandRow,
  type ConsoleMe,
  MAX_ATTACHMENT_BYTES,
  MOST_OPEN_COMMANDS,
  may,
  Problem,
  type Role,
} from '@jolly/contracts/fleet-api';
import type { Command, CommandReport, Hello } from '@jolly/contracts/fleet-link';
import { ManualClock, uuidv7 } from '@jolly/contracts/values';
import type { FastifyRequest } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../audit/index.ts';
import { createChanges } from '../changes/index.ts';
import { enrolmentMigrations } from '../enrolment/index.ts';
import { createHttp, type Http } from '../http/index.ts';
import { type IdentityTables, identityMigrations, personOf } from '../identity/index.ts';
import type { LinkListeners } from '../link/index.ts';
import { fail } from '../problems/index.ts';
import { openKeyring } from '../sealing/index.ts';
import { openSqliteStore, type Store } from '../store/index.ts';
import {
  type Commands,
  type CommandTables,
  commandConsoleRoutes,
  commandMigrations,
  commandTerminalRoutes,
  openCommands,
} from './index.ts';

const A = 'alto';
const B = 'basso';
const HELLO: Hello = { boot: uuidv7(0), software: '1', lease: null, machine: 'm', settings: 0 };
const LOGS = gzipSync('{"event":"started"}\n');

/** The server's commands with nothing around them but a link that keeps what goes down. */
class Town {
  readonly clock = new ManualClock();
  readonly sent: { to: string; command: Command; exp: number | undefined }[] = [];
  readonly audited: AuditEntry[] = [];
  broker: 'there' | 'away' = 'there';
  #hear: Parameters<LinkListeners['onEntries']>[1] | undefined;
  #greet: Parameters<LinkListeners['onHello']>[0] | undefined;
  readonly folder = mkdtempSync(join(tmpdir(), 'jolly-commands-'));
  readonly store: Store;
  readonly commands: Commands;
  app!: Http;

  private constructor(store: Store) {
    this.store = store;
    this.commands = openCommands({
      store,
      clock: this.clock,
      keyring: openKeyring(join(this.folder, 'master.key')),
      changes: createChanges(),
      audit: { record: async (_, entry) => void this.audited.push(entry) },
      log: { warn: () => undefined },
      link: {
        send: async (to, kind, body, more) => {
          if (this.broker === 'away') throw new Error('broker away');
          expect(kind).toBe('command');
          this.sent.push({ to: to.terminalId, command: body as Command, exp: more?.exp });
        },
        onHello: (listener) => {
          this.#greet = listener;
        },
        onEntries: (_, listener) => {
          this.#hear = listener;
        },
      },
    });
  }

  static async start(): Promise<Town> {
    const store = await openSqliteStore(':memory:', [
      ...identityMigrations,
      ...enrolmentMigrations,
      ...commandMigrations,
    ]);
    const town = new Town(store);
    for (const [tenantId, terminalId] of [
      [A, 'T1'],
      [A, 'T2'],
      [B, 'T1'],
    ] as const)
      await town.enrol(tenantId, terminalId);
    const app = await createHttp({ clock: town.clock, production: false });
    town.app = app;
    await app.register(async (scope) => {
      scope.addHook('onRequest', async (request) => {
        request.person = me(String(request.headers.role) as Role, String(request.headers.tenant));
      });
      commandConsoleRoutes(
        scope as Http,
        {
          session: async () => undefined,
          needs: (permission) =>
            Object.assign(
              async (request: FastifyRequest) => {
                if (!may(personOf(request).role, permission)) throw fail('NOT_ALLOWED');
              },
              { permission },
            ),
          anyone: Object.assign(async () => undefined, { permission: 'anyone' as const }),
          alive: async () => true,
        },
        town.commands,
      );
    });
    await app.register(async (scope) => {
      scope.addHook('preValidation', async (request) => {
        request.terminal = {
          tenantId: String(request.headers.tenant),
          terminalId: String(request.headers.terminal),
        };
      });
      commandTerminalRoutes(scope as Http, town.commands);
    });
    return town;
  }

  async enrol(tenantId: string, terminalId: string): Promise<void> {
    await this.store
      .of<{
        terminal: Pick<
          IdentityTables['terminal'],
          'tenant_id' | 'terminal_id' | 'public_key' | 'site' | 'enrolled_at'
        >;
      }>()
      .insertInto('terminal')
      .values({
        tenant_id: tenantId,
        terminal_id: terminalId,
        public_key: `key-of-${tenantId}-${terminalId}`,
        site: 'Municipio',
        enrolled_at: 1,
      })
      .execute();
  }

  async call(
    method: 'GET' | 'POST',
    path: string,
    { role = 'municipality-admin', tenant = A, body }: { role?: Role; tenant?: string; body?: unknown } = {},
  ) {
    const answer = await this.app.inject({
      method,
      url: `/console/api${path}`,
      headers: { role, tenant },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const json = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, body: json ? (answer.json() as unknown) : undefined, answer };
  }

  async order(act: object, more: { role?: Role; expiresInSeconds?: number } = {}): Promise<CommandRow> {
    const { role, ...write } = more;
    const answer = await this.call('POST', '/terminals/T1/commands', {
      ...(role ? { role } : {}),
      body: { act, ...write },
    });
    expect(answer.status).toBe(200);
    return CommandRow.parse(answer.body);
  }

  async row(id: string): Promise<CommandRow> {
    return CommandRow.parse((await this.call('GET', `/commands/${id}`)).body);
  }

  async hear(
    commandId: string,
    state: CommandReport['state'],
    more: Partial<CommandReport> & { terminalId?: string; tenantId?: string } = {},
  ): Promise<void> {
    const { terminalId = 'T1', tenantId = A, ...report } = more;
    const at = this.clock.now();
    const entry = { id: uuidv7(at), at, data: { kind: 'command' as const, commandId, state, ...report } };
    await this.store.transaction(async (tx) => this.#hear?.(tx, { tenantId, terminalId }, [entry]));
  }

  async greet(terminalId = 'T1'): Promise<void> {
    await this.#greet?.({ tenantId: A, terminalId }, HELLO);
  }

  upload(
    id: string,
    content: Buffer,
    { type = 'application/x-ndjson+gzip', terminal = 'T1', tenant = A } = {},
  ) {
    return this.app.inject({
      method: 'POST',
      url: `/api/v1/commands/${id}/attachment`,
      headers: { 'content-type': type, terminal, tenant },
      payload: content,
    });
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const me = (role: Role, tenantId: string): ConsoleMe => ({
  user: role,
  name: role,
  role,
  tenantId,
  tenantName: tenantId,
  tenants: [],
  demo: true,
  way: 'demo',
  totpNeeded: false,
  csrf: 'c'.repeat(20),
});

let town: Town;
beforeEach(async () => {
  town = await Town.start();
});
afterEach(() => town.close());

describe('a command', () => {
  it('is sent at once, audited with who asked, and followed to its end', async () => {
    const { commandId, expiresAt } = await town.order({ kind: 'self-test' }, { role: 'technician' });
    expect(town.sent).toEqual([
      { to: 'T1', command: { commandId, act: { kind: 'self-test' } }, exp: expiresAt },
    ]);
    expect(town.audited).toEqual([
      {
        tenantId: A,
        actor: 'technician',
        act: 'command-sent',
        subject: 'T1',
        detail: { commandId, kind: 'self-test' },
      },
    ]);
    await town.hear(commandId, 'waiting');
    await town.hear(commandId, 'running');
    await town.hear(commandId, 'waiting');
    const steps = [{ name: 'printer', ok: false, detail: 'paper-out' }];
    await town.hear(commandId, 'done', { steps });
    await town.hear(commandId, 'failed', { reason: 'late' });
    const row = await town.row(commandId);
    expect(row).toMatchObject({ state: 'done', by: 'technician', steps });
    expect(row.history.map(({ state }) => state)).toEqual(['queued', 'waiting', 'running', 'done']);
    await town.greet();
    expect(town.sent).toHaveLength(1);
  });

  it('that the broker did not take, or that a server died over, goes again without a hello until it is heard of', async () => {
    town.broker = 'away';
    const { commandId } = await town.order({ kind: 'restart-app' });
    town.broker = 'there';
    town.commands.work.start();
    const ids = () => town.sent.map(({ command }) => command.commandId);
    // it has just been sent, as far as anybody knows
    town.clock.advance(14_000);
    expect(ids()).toEqual([]);
    town.clock.advance(1_000);
    await vi.waitFor(() => expect(ids()).toEqual([commandId]));
    await town.hear(commandId, 'running');
    town.clock.advance(30_000);
    await town.commands.work.stop();
    town.clock.advance(60_000);
    expect(ids()).toEqual([commandId]);
  });

  it('waits for a terminal that is away, and goes at each hello until it has an end', async () => {
    town.broker = 'away';
    const { commandId } = await town.order({ kind: 'restart-app' });
    town.broker = 'there';
    await town.greet('T2');
    expect(town.sent).toEqual([]);
    await town.greet();
    await town.hear(commandId, 'running');
    await town.greet();
    expect(town.sent.map(({ command }) => command.commandId)).toEqual([commandId, commandId]);
  });

  it('that is never heard of ends as expired, and a late true end still wins', async () => {
    const { commandId } = await town.order({ kind: 'restart-app' }, { expiresInSeconds: 60 });
    town.clock.advance(61_000);
    await town.commands.tidy();
    expect((await town.row(commandId)).state).toBe('queued');
    await town.greet();
    expect(town.sent).toHaveLength(1);
    town.clock.advance(3 * 60_000);
    await town.commands.tidy();
    expect(await town.row(commandId)).toMatchObject({ state: 'expired', reason: 'no-answer' });
    await town.hear(commandId, 'done');
    const row = await town.row(commandId);
    expect(row).toMatchObject({ state: 'done' });
    expect(row).not.toHaveProperty('reason');
  });

  it('is nobody else’s: another terminal’s word, another municipality’s eyes', async () => {
    const { commandId } = await town.order({ kind: 'self-test' });
    await town.hear(commandId, 'done', { terminalId: 'T2' });
    await town.hear(commandId, 'done', { tenantId: B });
    expect((await town.row(commandId)).state).toBe('queued');
    for (const path of [
      `/commands/${commandId}`,
      `/commands/${commandId}/attachment`,
      '/terminals/T2/commands',
    ])
      expect((await town.call('GET', path, { tenant: B })).status).toBe(404);
    const asked = { tenant: B, body: { act: { kind: 'self-test' } } };
    expect((await town.call('POST', '/terminals/T2/commands', asked)).status).toBe(404);
  });

  it('needs the permission of its kind', async () => {
    const ask = async (role: Role, kind: string) =>
      (await town.call('POST', '/terminals/T1/commands', { role, body: { act: { kind } } })).status;
    expect(await ask('viewer', 'self-test')).toBe(403);
    expect(await ask('office', 'self-test')).toBe(403);
    expect(await ask('technician', 'lock')).toBe(200);
    expect(await ask('technician', 'wipe')).toBe(403);
    expect(await ask('municipality-admin', 'wipe')).toBe(200);
    expect(town.audited.map(({ detail }) => detail.kind)).toEqual(['lock', 'wipe']);
  });

  it('of an unknown kind, or beyond as many as may be open, is refused', async () => {
    const asked = { body: { act: { kind: 'explode' } } };
    expect((await town.call('POST', '/terminals/T1/commands', asked)).status).toBe(400);
    for (let count = 0; count < MOST_OPEN_COMMANDS; count++) await town.order({ kind: 'self-test' });
    const more = await town.call('POST', '/terminals/T1/commands', { body: { act: { kind: 'self-test' } } });
    expect(Problem.parse(more.body).code).toBe('TOO_MANY_COMMANDS');
  });
});

describe('what a command brings', () => {
  it('is kept sealed, given to who may see it, noted, and forgotten after a week', async () => {
    const { commandId } = await town.order({ kind: 'fetch-logs', minutes: 10 });
    expect((await town.upload(commandId, LOGS)).statusCode).toBe(200);
    expect((await town.upload(commandId, LOGS)).statusCode).toBe(200);
    expect((await town.row(commandId)).attachment).toEqual({
      type: 'application/x-ndjson+gzip',
      bytes: LOGS.length,
    });
    const [kept] = await town.store
      .of<CommandTables>()
      .selectFrom('command_attachment')
      .select('content')
      .execute();
    expect(kept?.content).not.toContain(LOGS.toString('base64').slice(0, 16));

    const { answer } = await town.call('GET', `/commands/${commandId}/attachment`, { role: 'technician' });
    expect(gunzipSync(answer.rawPayload).toString()).toBe('{"event":"started"}\n');
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; filename="T1-fetch-logs-[\d-]+\.ndjson\.gz"$/,
    );
    expect(answer.headers['content-security-policy']).toContain('sandbox');
    expect(town.audited.at(-1)).toMatchObject({ act: 'command-attachment-read', actor: 'technician' });
    expect((await town.call('GET', `/commands/${commandId}/attachment`, { role: 'viewer' })).status).toBe(
      403,
    );

    town.clock.advance(8 * 86_400_000);
    await town.commands.tidy();
    expect((await town.call('GET', `/commands/${commandId}/attachment`)).status).toBe(404);
    expect(await town.row(commandId)).not.toHaveProperty('attachment');
  });

  it('is refused from another terminal, of another type, or too large', async () => {
    const { commandId } = await town.order({ kind: 'fetch-logs', minutes: 10 });
    expect((await town.upload(commandId, LOGS, { terminal: 'T2' })).statusCode).toBe(404);
    expect((await town.upload(commandId, LOGS, { tenant: B })).statusCode).toBe(404);
    expect((await town.upload(commandId, LOGS, { type: 'image/png' })).statusCode).toBe(409);
    expect((await town.upload(commandId, Buffer.from('no gzip'))).statusCode).toBe(409);
    expect((await town.upload(commandId, LOGS, { type: 'text/html' })).statusCode).toBe(400);
    expect((await town.upload(commandId, Buffer.alloc(MAX_ATTACHMENT_BYTES + 1))).statusCode).toBe(413);
    const other = await town.order({ kind: 'self-test' });
    expect((await town.upload(other.commandId, LOGS)).statusCode).toBe(409);
  });
});
