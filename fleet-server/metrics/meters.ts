import type { Clock } from '@jolly/contracts/values';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Http } from '../http/index.ts';
import type { Counts } from '../link/index.ts';
import type { Store } from '../store/index.ts';

/** What is asked for when the page is read. */
export interface MeterSources {
  /** The link in numbers; undefined where there is none. */
  readonly link: () => Counts | undefined;
  /** Whether this replica does what one alone does. */
  readonly duty: () => boolean;
  /** Things that wait, by name: outcomes not yet with the node, items for a person… */
  readonly queues: () => Promise<Readonly<Record<string, number>>>;
}

export interface Meters {
  /** Counts the answers of these routes. */
  watch(app: Http): void;
  /** The store, its transactions timed. */
  timed(store: Store): Store;
  page(): Promise<{ readonly type: string; readonly text: string }>;
  close(): void;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Numbers for Prometheus, in a registry of this server's own. Labels are routes, kinds and codes: never a terminal, never a person. */
export function openMeters(clock: Clock): Meters & { from(sources: MeterSources): void } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const http = new Histogram({
    name: 'jolly_http_seconds',
    help: 'Time to answer, by the pattern of the route',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const transactions = new Histogram({
    name: 'jolly_store_transaction_seconds',
    help: 'Time of a transaction with its wait: alone, or beside others',
    labelNames: ['kind', 'result'],
    buckets: SECONDS,
    registers,
  });
  return {
    from: (sources) => askWhenRead(registry, sources),
    watch(app) {
      app.addHook('onResponse', async (request, reply) => {
        const route = request.routeOptions?.url ?? 'none';
        // a stream of events lasts as long as its reader stays
        if (String(reply.getHeader('content-type')).startsWith('text/event-stream')) return;
        const labels = { method: request.method, route, status: `${Math.floor(reply.statusCode / 100)}xx` };
        http.observe(labels, reply.elapsedTime / 1_000);
      });
    },
    timed(store) {
      const time = async <R>(kind: string, work: () => Promise<R>): Promise<R> => {
        const begun = clock.monotonic();
        let result = 'undone';
        try {
          const done = await work();
          result = 'committed';
          return done;
        } finally {
          transactions.observe({ kind, result }, (clock.monotonic() - begun) / 1_000);
        }
      };
      return {
        ...store,
        transaction: (work) => time('alone', () => store.transaction(work)),
        concurrently: (keys, work) => time('beside', () => store.concurrently(keys, work)),
      };
    },
    page: async () => ({ type: registry.contentType, text: await registry.metrics() }),
    close: () => registry.clear(),
  };
}

function askWhenRead(registry: Registry, { link, duty, queues }: MeterSources): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  gauge('jolly_duty', 'Whether this replica does what one alone does', () => Number(duty()));
  gauge('jolly_link_broker_connected', 'Whether the broker is there', () => {
    const counts = link();
    return counts && Number(counts.connected);
  });
  gauge('jolly_link_terminals_online', 'Terminals that are there now', () => link()?.online);
  gauge('jolly_link_waiting_messages', 'Messages that wait for a commit', () => link()?.waiting.messages);
  gauge('jolly_link_waiting_entries', 'Entries that wait for a commit', () => link()?.waiting.entries);
  gauge('jolly_link_waiting_bytes', 'Bytes that wait for a commit', () => link()?.waiting.bytes);
  new Gauge({
    name: 'jolly_queue',
    help: 'What waits, by what it is',
    labelNames: ['queue'],
    registers,
    async collect() {
      for (const [queue, depth] of Object.entries(await queues())) this.set({ queue }, depth);
    },
  });
  counted(registry, 'jolly_link_commits_total', undefined, 'Commits of the link', (add) =>
    add({}, link()?.commits ?? 0),
  );
  counted(
    registry,
    'jolly_link_entries_total',
    'what',
    'Entries of terminals, stored once or come again',
    (add) => {
      add({ what: 'stored' }, link()?.entriesStored ?? 0);
      add({ what: 'repeated' }, link()?.entriesRepeated ?? 0);
    },
  );
  counted(registry, 'jolly_link_messages_total', 'kind', 'Messages of terminals, by kind', (add) => {
    for (const [kind, count] of Object.entries(link()?.messages ?? {})) add({ kind }, count);
  });
  counted(registry, 'jolly_link_refused_total', 'why', 'Messages and connections refused, by why', (add) => {
    for (const [why, count] of Object.entries(link()?.refused ?? {})) add({ why }, count);
  });
}

type Labels = Readonly<Record<string, string>>;

/** A counter that somebody else counts. */
function counted(
  registry: Registry,
  name: string,
  label: string | undefined,
  help: string,
  read: (add: (labels: Labels, value: number) => void) => void,
): void {
  new Counter({
    name,
    help,
    labelNames: label ? [label] : [],
    registers: [registry],
    collect() {
      this.reset();
      read((labels, value) => this.inc(labels, value));
    },
  });
}
