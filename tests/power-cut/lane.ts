import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { NoticeKey } from '@jolly/contracts/notice';
import { readJournal } from '@jolly/kiosk-runtime/journal';
import { dieTogether, type Ready, type Started, startProcess } from '@jolly/simulators/process';
import Database from 'better-sqlite3';
import type { Evidence } from './invariant.ts';
import type { Protocol } from './protocols.ts';
import type { ChildOrder } from './runtime-child.ts';

const root = resolve(import.meta.dirname, '../..');
const CHILD = join(root, 'tests/power-cut/runtime-child.ts');
const CREDITOR = '84006890481';

interface NodeReady {
  readonly url: string;
  readonly control: string;
}

/** How one child ended, and what it said. */
export interface ChildEnd {
  readonly killed: boolean;
  readonly lines: readonly Record<string, unknown>[];
}

/** All processes of one street corner: node, card terminal, printer, fleet server, on ports of their own. */
export class Lane {
  readonly dir = mkdtempSync(join(tmpdir(), 'jolly-lane-'));
  readonly #slips = new Map<string, string>();
  #node: Started<NodeReady> | undefined;
  #pos: Started<Ready> | undefined;
  #printer: Started<Ready> | undefined;
  #server: Started<{ url: string; pid: number }> | undefined;
  readonly #protocol: Protocol;
  #serverConfig = '';
  #notices = 0;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    // Whoever is told to end in the middle leaves nothing behind either.
    process.once('exit', this.#forget);
  }

  readonly #forget = (): void => rmSync(this.dir, { recursive: true, force: true });

  /** `under`: a program under which the fleet server runs, e.g. a tracer; then it is to be ended by `endServer`. */
  async start(under: readonly string[] = []): Promise<void> {
    const script = (path: string) => join(root, path);
    const { process: simulator } = this.#protocol;
    if (!simulator) throw new Error(`${this.#protocol.name} has no simulator of its own`);
    const state = (name: string) => ['--state-file', join(this.dir, `${name}.json`)];
    [this.#node, this.#pos, this.#printer] = await Promise.all([
      startProcess<NodeReady>(script('simulators/pagopa-node/main.ts'), state('node')),
      startProcess<Ready>(script(simulator.script), [
        ...simulator.args,
        ...['--delay', '8'],
        ...state('pos'),
      ]),
      startProcess<Ready>(script('simulators/printer/main.ts'), ['--wire', 'tcp:0', '--speed', '20000']),
    ]);
    const port = await freePort();
    this.#serverConfig = join(this.dir, 'server.json');
    mkdirSync(join(this.dir, 'server'), { recursive: true });
    writeFileSync(
      this.#serverConfig,
      JSON.stringify({
        mode: 'demo',
        listen: { host: '127.0.0.1', port },
        dataDir: join(this.dir, 'server'),
        masterKeyFile: join(this.dir, 'server', 'master.key'),
        tenants: [{ id: 'prova', name: 'Comune di Prova', creditorTaxCode: CREDITOR }],
        gateway: {
          kind: 'node-soap',
          url: this.#node.ready.url,
          pspName: 'Banca di Prova',
          pspTaxCode: '02654890025',
          idPsp: 'BDIMITMM',
          idBrokerPsp: '02654890025',
          idChannel: '02654890025_01',
        },
        demo: { enrolmentCode: 'banco-di-prova' },
      }),
    );
    await this.startServer(under);
  }

  async startServer(under: readonly string[] = []): Promise<void> {
    const args = ['--config', this.#serverConfig];
    this.#server = await startProcess(join(root, 'fleet-server/main.ts'), args, { under });
    if (under.length > 0) endTogether(this.#server.ready.pid);
  }

  /** Ends the server itself, whatever it runs under, and waits until that has ended too. */
  async endServer(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const ended = new Promise((done) => server.child.once('exit', done));
    process.kill(server.ready.pid, 'SIGTERM');
    await ended;
  }

  /** A real SIGKILL of the fleet server, and its return at the same address. */
  async killServer(): Promise<void> {
    await this.#server?.stop('SIGKILL');
    await this.startServer();
  }

  async stop(): Promise<void> {
    await Promise.all(
      [this.#server, this.#node, this.#pos, this.#printer].map((part) => part?.stop('SIGKILL')),
    );
    process.off('exit', this.#forget);
    this.#forget();
  }

  get nodeUrl(): string {
    return this.#node?.ready.url ?? '';
  }

  get nodeControl(): string {
    return this.#node?.ready.control ?? '';
  }

  async newNotice(): Promise<NoticeKey> {
    const amountCents = 1_000 + ++this.#notices;
    return (await post(`${this.nodeControl}/control/notices`, {
      creditorTaxCode: CREDITOR,
      amountCents,
    })) as NoticeKey;
  }

  posAct(action: unknown): Promise<unknown> {
    return post(`${this.#pos?.ready.control}/act`, action);
  }

  nodeFault(order: unknown): Promise<unknown> {
    return post(`${this.nodeControl}/control/faults`, order);
  }

  order(more: Partial<ChildOrder>): ChildOrder {
    const address = (started: Started<Ready> | undefined) => started?.ready.wire.replace(/^tcp:/, '') ?? '';
    return {
      dataDir: join(this.dir, 'terminal'),
      tenantId: 'prova',
      terminalId: 'PO-09',
      serverUrl: this.#server?.ready.url ?? '',
      pos: this.#protocol.process?.uri(this.#pos?.ready.wire ?? '') ?? '',
      printer: `escpos+tcp:${address(this.#printer)}?profile=epson-generic`,
      enrolmentCode: 'banco-di-prova',
      ...more,
    };
  }

  /** Runs one child; `during` may kill it (or the server) and hears each of its lines. */
  async run(
    order: ChildOrder,
    during: (child: ChildProcess, line: Record<string, unknown>) => void = () => undefined,
    command: readonly string[] = [process.execPath],
  ): Promise<ChildEnd> {
    const [program = '', ...before] = command;
    const child = spawn(program, [...before, CHILD], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        JOLLY_CHILD: JSON.stringify(order),
        NODE_COMPILE_CACHE: join(tmpdir(), 'jolly-compile-cache'),
        NODE_NO_WARNINGS: '1',
      },
    });
    dieTogether(child);
    const lines: Record<string, unknown>[] = [];
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      during(child, line);
    });
    const guard = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const [code, signal] = await new Promise<[number | null, string | null]>((done) =>
      child.once('close', (...end) => done(end)),
    );
    clearTimeout(guard);
    if (signal === null && code !== 0)
      throw new Error(`the child ended with status ${code}: ${JSON.stringify(lines)}`);
    await this.#collectSlips();
    return { killed: signal === 'SIGKILL', lines };
  }

  /** The printer keeps only its last slips: looked at after each child. */
  async #collectSlips(): Promise<void> {
    const state = (await get(`${this.#printer?.ready.control}/state`)) as {
      device: { slips: readonly { id: number | string; text: string }[] };
    };
    for (const { id, text } of state.device.slips) this.#slips.set(String(id), text);
  }

  /** Whether the server still has something to bring to the node. */
  pendingCalls(): number {
    return this.#serverDb(
      (db) =>
        db.prepare('SELECT count(*) AS n FROM gateway_call WHERE next_at IS NOT NULL').get() as { n: number },
    ).n;
  }

  #serverDb<T>(work: (db: Database.Database) => T): T {
    const db = new Database(join(this.dir, 'server', 'fleet.sqlite'), { readonly: true, timeout: 5_000 });
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  async evidence(): Promise<Evidence> {
    const journal = readJournal(join(this.dir, 'terminal'));
    const payments = journal.payments().map((stored) => {
      const data = stored.data as {
        notice: NoticeKey;
        lock?: { paymentToken: string; totalCents: number };
        charge?: { lastStan?: string };
        paper: { shown: boolean };
        gone?: string;
      } & Pick<Evidence['journal'][number], 'card' | 'reversal'>;
      return {
        id: stored.paymentId,
        noticeNumber: data.notice.noticeNumber,
        state: stored.state,
        closed: stored.closedAt !== undefined,
        ...(data.lock ? { paymentToken: data.lock.paymentToken, amountCents: data.lock.totalCents } : {}),
        ...(data.card ? { card: data.card } : {}),
        ...(data.reversal ? { reversal: data.reversal } : {}),
        ...(data.charge ? { announced: data.charge } : {}),
        shown: data.paper.shown && data.gone !== 'restart',
      };
    });
    const shown = new Set(payments.filter((payment) => payment.shown).map(({ id }) => id));
    const chainWhole = journal.verifyChain().whole;
    const waitingLetters = journal.waiting().length;
    journal.close();
    const pos = (await get(`${this.#pos?.ready.control}/state`)) as { device: { ledger: Evidence['pos'] } };
    const ledger = (await get(`${this.nodeControl}/control/ledger`)) as {
      paid: readonly { noticeNumber: string; acquisitions: readonly { token: string }[] }[];
      tokens: readonly { token: string; noticeNumber: string; status: string }[];
    };
    const paid = new Set(ledger.paid.flatMap(({ acquisitions }) => acquisitions.map(({ token }) => token)));
    const rows = this.#serverDb((db) => ({
      items: db.prepare('SELECT kiosk_payment_id AS id FROM operator_item').all() as { id: string | null }[],
      watched: db
        .prepare(
          "SELECT kiosk_payment_id AS id FROM payment WHERE look_at IS NOT NULL AND state IN ('duplicate', 'discordant', 'token-unknown')",
        )
        .all() as { id: string }[],
      pending: db
        .prepare('SELECT kiosk_payment_id AS id FROM gateway_call WHERE next_at IS NOT NULL')
        .all() as { id: string }[],
      links: db.prepare('SELECT kiosk_payment_id AS id FROM receipt_link').all() as { id: string }[],
    }));
    const inHand = [...rows.items, ...rows.watched].flatMap(({ id }) => (id ? [{ paymentId: id }] : []));
    return {
      pos: pos.device.ledger,
      node: ledger.tokens.map(({ token, noticeNumber, status }) => ({
        paymentToken: token,
        noticeNumber,
        state: paid.has(token) ? 'paid' : status === 'alive' ? 'locked' : 'free',
      })),
      journal: payments,
      chainWhole,
      items: inHand,
      pendingOutcomes: rows.pending.map(({ id }) => id),
      waitingLetters,
      slips: [...this.#slips.values()].map((text) => ({
        kind: kindOf(text),
        ...tokenIn(
          text,
          payments.flatMap(({ paymentToken }) => (paymentToken ? [paymentToken] : [])),
        ),
      })),
      links: rows.links.map(({ id }) => id).filter((id) => shown.has(id)),
    };
  }
}

/** A tracer that is killed lets go of what it traced: that one is ended by its own id. */
function endTogether(pid: number): void {
  process.once('exit', () => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: it has ended by itself, as it should.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  });
}

function kindOf(text: string): string {
  if (text.includes('STORNO')) return 'reversal-slip';
  if (text.includes('PAGAMENTO ACQUISITO')) return 'provisional-slip';
  if (text.includes('DUPLICATO')) return 'receipt-duplicate';
  return text.includes('ATTESTAZIONE DI PAGAMENTO') ? 'receipt' : 'other';
}

/** A token may be broken over two lines of paper. */
function tokenIn(text: string, tokens: readonly string[]): { paymentToken?: string } {
  const flat = text.replace(/\s+/g, '');
  const paymentToken = tokens.find((token) => flat.includes(token));
  return paymentToken ? { paymentToken } : {};
}

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const get = async (url: string): Promise<unknown> => (await fetch(url)).json();

/**
 * Named ahead, so that a killed server comes back at the address the terminal knows; below the ports that the system gives
 * to outgoing connections, or one of those could take it while the server is down.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await new Promise<boolean>((done) => {
      const probe = createServer();
      probe.once('error', () => done(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
    });
    if (free) return port;
  }
}
