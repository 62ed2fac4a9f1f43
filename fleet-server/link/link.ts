import { type EntryKind, type LinkAddress, linkUser, readTopic, type Up } from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { FastifyBaseLogger } from 'fastify';
import type { Changes } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { loadOnline, saveLastSeen } from '../terminals/index.ts';
import { Admission } from './admission.ts';
import { type Committed, commitWorks, type EntryListener, type Listeners } from './commit.ts';
import { type Counts, LinkCounters } from './counts.ts';
import { decodeUp, type Said } from './decode.ts';
import { BrokerAway } from './external.ts';
import { type Keeps, withinHorizon } from './horizon.ts';
import type { LinkLimits } from './limits.ts';
import type { Admits, Broker, Connection, FleetLink, Leases } from './port.ts';
import { CommitQueue } from './queue.ts';
import type { Refusals } from './refusals.ts';
import { downSender, type Sign } from './sender.ts';
import { Watch } from './watch.ts';
import { Welcomed } from './welcomed.ts';
import type { Work } from './work.ts';

const SWEEP_MS = 15_000;
const LAST_SEEN_MS = 60_000;
/** A terminal is asked to tell everything at most this often. */
const ASK_AGAIN_MS = 5_000;
/** When many are asked, so many at a time and so far apart. */
const ASK_TOGETHER = 100;
const ASK_APART_MS = 100;

/** Whose messages this server handles, where several hear all of them. */
export interface Ownership {
  owns(address: LinkAddress): boolean;
  /** Terminals may have come to this server. */
  onGained(listener: () => void): void;
}
const OWNS_ALL: Ownership = { owns: () => true, onGained: () => undefined };

export interface LinkParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Pick<Changes, 'notify'>;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  readonly broker: Broker;
  readonly leases: Leases;
  readonly admits: Admits;
  readonly sign: Sign;
  readonly limits: LinkLimits;
  readonly refusals: Refusals;
  readonly ownership?: Ownership;
  /** What is older is acknowledged, and no more; absent: nothing is. */
  readonly keeps?: Keeps;
}

export interface OpenLink extends FleetLink {
  start(): Promise<void>;
  /** Everything that was heard is committed and told. */
  settled(): Promise<void>;
  /** Ends the connection of a terminal that may not stay, where the broker is ours; elsewhere it is no longer heard, by no replica. */
  disconnect(address: LinkAddress): Promise<void>;
  counts(): Counts;
  close(): Promise<void>;
}

const saysGone = (work: Work): boolean =>
  work.kind === 'gone' || (work.kind === 'presence' && !work.presence.online);

/** The server's end of the fleet link, over whichever broker. */
export function openLink(parts: LinkParts): OpenLink {
  const { store, clock, changes, log, broker, refusals } = parts;
  const ownership = parts.ownership ?? OWNS_ALL;
  const admission = new Admission(parts.admits, clock, store.signals);
  const welcomed = new Welcomed(store, parts.leases);
  const counters = new LinkCounters();
  const watch = new Watch(clock);
  const asked = new Map<string, number>();
  const entries = new Map<EntryKind, EntryListener[]>();
  const reported: Listeners['reported'][number][] = [];
  const presence: Listeners['presence'][number][] = [];
  const hellos: Parameters<FleetLink['onHello']>[0][] = [];
  const ups = new Map<Up, ((from: LinkAddress, body: unknown) => void)[]>();
  const sendDown = downSender({ broker, clock, sign: parts.sign });
  const timers = new Map<string, () => void>();
  let open = false;
  let connected = false;

  const queue = new CommitQueue<Work>({
    clock,
    limits: parts.limits,
    commit: async (works) => {
      const heard = await fromWelcomed(await admitted(works));
      if (heard.length === 0) return;
      const listeners = { entries, reported, presence };
      tell(await commitWorks({ store, clock, leases: parts.leases, listeners }, heard));
    },
    failed: (work, error) => {
      log.error({ err: error, who: work.who, kind: work.kind }, 'fleet link: not committed');
      refusals.count('commit-failed', work.who, { kind: work.kind });
      if (work.kind === 'reported') ask(work.from);
    },
  });

  const admitted = async (works: readonly Work[]): Promise<readonly Work[]> => {
    const out = new Set<string>();
    // that it is gone is heard of anybody: one who may not stay is not there for ever
    const asking = works.filter((work) => !saysGone(work));
    for (const from of new Map(asking.map((work) => [work.who, work.from])).values()) {
      if (!(await admission.admits(from))) out.add(linkUser(from));
    }
    if (out.size === 0) return works;
    for (const work of asking) {
      if (!out.has(work.who)) continue;
      refusals.count('not-admitted', work.who, { kind: work.kind });
      end(work.from);
    }
    return works.filter((work) => saysGone(work) || !out.has(work.who));
  };

  /** Nothing but presence and hello of whoever was not welcomed; it is not acknowledged, and comes again. */
  const fromWelcomed = async (works: readonly Work[]): Promise<readonly Work[]> => {
    const heard: Work[] = [];
    // whose presence is of this very commit: what the store says of them is from before it
    const doubtful = new Set<string>();
    for (const work of works) {
      const free = work.kind !== 'entries' && work.kind !== 'reported';
      if (free || (!doubtful.has(work.who) && (await welcomed.has(work.from, work.connection)))) {
        heard.push(work);
      } else {
        refusals.count('not-welcomed', work.who, { kind: work.kind });
        if (work.kind === 'reported' && !work.connection) ask(work.from);
      }
      if (work.kind === 'presence' && !work.connection && !welcomed.heed(work.from, work.presence)) {
        doubtful.add(work.who);
      }
    }
    return heard;
  };

  const end = (address: LinkAddress, connection?: Connection) => {
    broker.disconnect(linkUser(address), connection).catch((error: unknown) => {
      log.error({ err: error, who: linkUser(address) }, 'fleet link: not disconnected');
    });
  };

  const send = (to: LinkAddress, kind: Parameters<typeof sendDown>[1], body: unknown, more = {}) =>
    sendDown(to, kind, body, more);
  /** What nobody waits for: a terminal that does not get it asks or says again. */
  const tellLater = (to: LinkAddress, kind: Parameters<typeof sendDown>[1], body: unknown, more = {}) => {
    send(to, kind, body, more).catch((error: unknown) => {
      // counted already; a fleet is not told one by one that there is no broker
      if (error instanceof BrokerAway) return;
      log.error({ err: error, who: linkUser(to), kind }, 'fleet link: not sent');
    });
  };

  const ask = (address: LinkAddress) => {
    const who = linkUser(address);
    const now = clock.monotonic();
    if (now - (asked.get(who) ?? Number.NEGATIVE_INFINITY) < ASK_AGAIN_MS) return;
    asked.set(who, now);
    tellLater(address, 'ask', { what: 'reported' });
  };

  const welcome = async ({ from, envelope, greeting, connection }: Committed['greetings'][number]) => {
    if (!('lease' in greeting)) {
      // on another's broker it is an older connection's word; on ours it is this one's, and it is none that may stay
      if (greeting.refused === 'late') return end(from, connection);
      refusals.count('not-admitted', linkUser(from), { refused: greeting.refused });
      admission.forget(from);
      welcomed.forget(linkUser(from));
      return end(from);
    }
    const { lease } = greeting;
    await send(from, 'welcome', { lease, now: clock.now() }, { corr: envelope.id });
    for (const listener of hellos) await listener(from, envelope.body);
  };

  const tell = (done: Committed) => {
    counters.committed(done.stored, done.duplicates);
    for (const [who, online] of done.presence) {
      if (online) continue;
      watch.remove(who);
    }
    for (const greeting of done.greetings) {
      if ('lease' in greeting.greeting) {
        watch.add(greeting.from);
        welcomed.add(greeting.from, greeting.envelope.body.boot, greeting.connection);
      }
      welcome(greeting).catch((error: unknown) => {
        if (error instanceof BrokerAway) return;
        log.error({ err: error, who: linkUser(greeting.from) }, 'fleet link: a welcome failed');
      });
    }
    for (const { from, batch, refused } of done.acks) tellLater(from, 'ack', { refused }, { corr: batch });
    for (const address of done.asks) ask(address);
    for (const tenantId of done.changed) changes.notify(tenantId, 'terminals');
  };

  const hear = (topic: string, payload: Uint8Array, connection?: Connection) => {
    if (!open) return;
    const read = readTopic(topic);
    if (read?.way !== 'up') return refusals.count('forged-topic', 'broker', { topic: topic.slice(0, 200) });
    const from: LinkAddress = { tenantId: read.tenantId, terminalId: read.terminalId };
    if (!ownership.owns(from)) return;
    const who = linkUser(from);
    counters.heard(read.kind);
    // a retained presence that was taken back
    if (read.kind === 'presence' && payload.length === 0) return;
    const decoded = decodeUp(read.kind, payload, clock.now());
    if (!decoded.ok) return refusals.count(decoded.reason, who, { kind: read.kind, faults: decoded.faults });
    watch.hear(from);
    take(from, who, decoded.said, payload.length, connection);
  };

  const take = (
    from: LinkAddress,
    who: string,
    said: Said,
    bytes: number,
    connection: Connection | undefined,
  ) => {
    const waiting = {
      from,
      who,
      bytes,
      entries: 0,
      connection,
      comesAgain: said.kind === 'entries' || said.kind === 'reported',
    };
    if (said.kind === 'signal') return signal(from, said.envelope.body, connection);
    let work: Work;
    if (said.kind === 'entries') {
      const { body } = said.envelope;
      if (body.poisoned > 0) {
        refusals.count('entry-refused', who, { faults: body.faults }, body.poisoned);
      }
      const young = parts.keeps ? withinHorizon(body.entries, parts.keeps, clock.now()) : body.entries;
      const old = body.entries.length - young.length;
      if (old > 0) refusals.count('too-old', who, {}, old);
      const envelope = { ...said.envelope, body: { ...body, entries: young } };
      work = { ...waiting, ...said, envelope, entries: young.length };
    } else {
      if (said.kind === 'hello' || (said.kind === 'presence' && said.presence.online)) watch.add(from);
      work = { ...waiting, ...said };
    }
    if (queue.push(work)) return;
    refusals.count('overflow', who, { kind: said.kind });
    if (said.kind === 'reported') ask(from);
  };

  const signal = (from: LinkAddress, body: unknown, connection: Connection | undefined) => {
    Promise.all([admission.admits(from), welcomed.has(from, connection)]).then(
      ([admits, isWelcome]) => {
        if (!isWelcome) return refusals.count('not-welcomed', linkUser(from), { kind: 'signal' });
        if (!admits) return refusals.count('not-admitted', linkUser(from), { kind: 'signal' });
        for (const listener of ups.get('signal') ?? []) listener(from, body);
      },
      (error: unknown) => log.error({ err: error }, 'fleet link: not asked whether it may be heard'),
    );
  };

  /** Those who are there by the store: after a start, and when terminals come from another server. */
  const adopt = async () => {
    await broker.refresh();
    const mine = (await loadOnline(store)).filter((address) => ownership.owns(address));
    for (const address of mine) watch.add(address);
    if (connected) askAll(mine);
  };

  /** What they said while nobody listened is told again. */
  const askAll = (addresses: readonly LinkAddress[], at = 0) => {
    for (const address of addresses.slice(at, at + ASK_TOGETHER)) ask(address);
    const next = at + ASK_TOGETHER;
    if (open && next < addresses.length) {
      timers.set(
        'ask',
        clock.after(ASK_APART_MS, () => askAll(addresses, next)),
      );
    }
  };

  const sweep = () => {
    for (const address of watch.addresses()) {
      if (ownership.owns(address)) continue;
      watch.remove(linkUser(address));
      welcomed.forget(linkUser(address));
    }
    const { gone, ask: silent } = watch.sweep((who) => broker.has(who));
    for (const address of gone) {
      const who = linkUser(address);
      if (queue.push({ kind: 'gone', from: address, who, bytes: 0, entries: 0, comesAgain: false })) {
        watch.remove(who);
      }
    }
    for (const address of silent) ask(address);
    const now = clock.monotonic();
    for (const [who, at] of asked) if (now - at > ASK_AGAIN_MS) asked.delete(who);
    admission.tidy();
  };

  const every = (name: string, ms: number, act: () => void) => {
    const again = () => {
      act();
      timers.set(name, clock.after(ms, again));
    };
    timers.set(name, clock.after(ms, again));
  };

  const flushLastSeen = () => {
    saveLastSeen(store, watch.heardSince(), clock.now()).catch((error: unknown) => {
      log.error({ err: error }, 'fleet link: when terminals were last seen is not stored');
    });
  };

  ownership.onGained(() => {
    adopt().catch((error: unknown) => log.error({ err: error }, 'fleet link: terminals not taken over'));
  });

  return {
    onEntries(kind, listener) {
      entries.set(kind, [...(entries.get(kind) ?? []), listener]);
    },
    onReported: (listener) => {
      reported.push(listener);
    },
    onPresence: (listener) => {
      presence.push(listener);
    },
    onHello: (listener) => {
      hellos.push(listener);
    },
    onUp(kind, listener) {
      ups.set(kind, [...(ups.get(kind) ?? []), listener]);
    },
    async send(to, kind, body, more) {
      await send(to, kind, body, more);
    },
    async start() {
      open = true;
      await broker.start({
        message: hear,
        connected: (now) => {
          connected = now;
          counters.connected(now);
          if (now) askAll(watch.addresses());
        },
      });
      await adopt();
      every('sweep', SWEEP_MS, sweep);
      every('seen', LAST_SEEN_MS, flushLastSeen);
    },
    settled: () => queue.settled(),
    async disconnect(address) {
      admission.forgetEverywhere(address);
      welcomed.forget(linkUser(address));
      await broker.disconnect(linkUser(address));
    },
    counts: () => counters.counts(queue.depth(), watch.size, refusals.counts()),
    async close() {
      open = false;
      for (const cancel of timers.values()) cancel();
      await queue.settled();
      admission.close();
      await broker.close();
    },
  };
}
