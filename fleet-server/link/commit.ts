import {
  type Entry,
  type EntryKind,
  type Envelope,
  type Hello,
  type LinkAddress,
  linkUser,
  type Presence,
  type Reported,
} from '@jolly/contracts/fleet-link';
import type { Clock } from '@jolly/contracts/values';
import type { Store, Transaction } from '../store/index.ts';
import {
  loadStates,
  saveState,
  type TerminalState,
  unknownState,
  withPresence,
  withReported,
  withWord,
} from '../terminals/index.ts';
import { type SentEntry, storeEntries } from './entries.ts';
import type { Connection, Greeting, Leases, LinkListeners } from './port.ts';
import type { Work } from './work.ts';

export type EntryListener = Parameters<LinkListeners['onEntries']>[1];
export interface Listeners {
  readonly entries: ReadonlyMap<EntryKind, readonly EntryListener[]>;
  readonly reported: readonly Parameters<LinkListeners['onReported']>[0][];
  readonly presence: readonly Parameters<LinkListeners['onPresence']>[0][];
}

export interface Greeted {
  readonly from: LinkAddress;
  readonly envelope: Envelope<Hello>;
  readonly greeting: Greeting;
  readonly connection: Connection | undefined;
}

/** What a commit brought: to be told once it is on the disk. */
export interface Committed {
  readonly greetings: readonly Greeted[];
  /** Terminals that must tell everything again. */
  readonly asks: readonly LinkAddress[];
  readonly acks: readonly { from: LinkAddress; batch: string; refused: readonly string[] }[];
  readonly presence: ReadonlyMap<string, boolean>;
  /** Municipalities of which something changed. */
  readonly changed: ReadonlySet<string>;
  readonly stored: number;
  readonly duplicates: number;
}

export interface CommitParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly leases: Leases;
  readonly listeners: Listeners;
}

/** One transaction of everything that waited: leases, presence, twins, entries, and what the listeners make of them. */
export function commitWorks(parts: CommitParts, works: readonly Work[]): Promise<Committed> {
  const { store } = parts;
  const now = parts.clock.now();
  const run = async (tx: Transaction): Promise<Committed> => {
    // leases first: they may mark a terminal, and its state is read after that
    const greetings = await greetAll(parts, tx, works);
    const steps = await followTerminals(tx, works, turnedAway(greetings), lateOnes(greetings), now);
    const sent = works.flatMap((work): SentEntry[] =>
      work.kind === 'entries' ? work.envelope.body.entries.map((entry) => ({ from: work.from, entry })) : [],
    );
    const fresh = await storeEntries(tx, sent, now);

    for (const { from, presence } of steps.presences) {
      for (const listener of parts.listeners.presence) await listener(tx, from, presence);
    }
    for (const { from, after, before } of steps.reports) {
      for (const listener of parts.listeners.reported) await listener(tx, from, after, before);
    }
    for (const { from, kind, entries } of runsOf(fresh)) {
      for (const listener of parts.listeners.entries.get(kind) ?? []) await listener(tx, from, entries);
    }
    return {
      greetings,
      asks: steps.asks,
      acks: works.flatMap((work) =>
        work.kind === 'entries'
          ? [{ from: work.from, batch: work.envelope.id, refused: work.envelope.body.refused }]
          : [],
      ),
      presence: new Map(steps.presences.map(({ from, presence }) => [linkUser(from), presence.online])),
      changed: steps.changed,
      stored: fresh.length,
      duplicates: sent.length - fresh.length,
    };
  };
  // a hello may accuse a key, and that is a line of the municipality's audit log: a transaction alone
  if (works.some((work) => work.kind === 'hello')) return store.transaction(run);
  return store.concurrently([...new Set(works.map(({ who }) => who))].toSorted(), run);
}

async function greetAll(parts: CommitParts, tx: Transaction, works: readonly Work[]) {
  const greetings: Greeted[] = [];
  for (const work of works) {
    if (work.kind === 'hello') {
      const { from, envelope, connection } = work;
      const greeting = await parts.leases.greet(
        tx,
        from,
        envelope.body,
        connection ? undefined : envelope.at,
      );
      greetings.push({ from, envelope, greeting, connection });
    } else if (work.kind === 'reported') {
      const said = work.envelope.body;
      if (said.form === 'whole' && said.lease !== undefined) {
        await parts.leases.confirm(tx, work.from, said.lease);
      }
    }
  }
  return greetings;
}

/** Whose key is not believed, or no longer. */
function turnedAway(greetings: Committed['greetings']): ReadonlyMap<string, LinkAddress> {
  const away = new Map<string, LinkAddress>();
  for (const { from, greeting } of greetings) {
    if ('refused' in greeting && greeting.refused !== 'late') away.set(linkUser(from), from);
  }
  return away;
}

const lateOnes = (greetings: Committed['greetings']): ReadonlySet<Envelope<Hello>> =>
  new Set(
    greetings.flatMap(({ envelope, greeting }) =>
      'refused' in greeting && greeting.refused === 'late' ? [envelope] : [],
    ),
  );

/** Presence and twins of all terminals that said something of the kind: read once, followed in order, written once. */
async function followTerminals(
  tx: Transaction,
  all: readonly Work[],
  away: ReadonlyMap<string, LinkAddress>,
  late: ReadonlySet<Envelope<Hello>>,
  now: number,
) {
  // who was turned away is not there, whatever it says besides; that it is gone is heard
  const works = all.filter(
    (work) =>
      !away.has(work.who) || work.kind === 'gone' || (work.kind === 'presence' && !work.presence.online),
  );
  const spoken = new Map<string, LinkAddress>();
  for (const work of works) if (work.kind !== 'entries') spoken.set(work.who, work.from);
  const before = await loadStates(tx, [...spoken.values()]);
  const states = new Map<string, TerminalState>();
  const presences: { from: LinkAddress; presence: Presence }[] = [];
  const asks = new Map<string, LinkAddress>();

  for (const work of works) {
    if (work.kind === 'entries') continue;
    const state = states.get(work.who) ?? before.get(work.who) ?? unknownState(work.from);
    const met = (presence: Presence, twin: Partial<TerminalState> | undefined) => {
      if (!twin) return;
      states.set(work.who, { ...state, ...twin, presenceAt: now, lastSeenAt: now });
      presences.push({ from: work.from, presence });
    };
    switch (work.kind) {
      case 'presence':
        met(work.presence, withPresence(state, work.presence));
        break;
      case 'hello': {
        // one of an older connection says nothing of who is there now
        if (late.has(work.envelope)) break;
        const presence: Presence = { online: true, boot: work.envelope.body.boot, why: 'connected' };
        met(presence, withPresence(state, presence));
        break;
      }
      case 'gone':
        if (state.online) {
          const presence: Presence = { online: false, boot: state.boot ?? '', why: 'lost' };
          met(presence, { online: false, why: 'silent' });
        }
        break;
      case 'reported': {
        const back = withWord(state);
        if (back) met({ online: true, boot: state.boot ?? '', why: 'connected' }, back);
        const known = states.get(work.who) ?? state;
        const step = withReported(known, work.envelope.body);
        if (step.step === 'ask') asks.set(work.who, work.from);
        else {
          asks.delete(work.who);
          states.set(work.who, { ...known, ...step.state, reportedAt: now, lastSeenAt: now });
        }
        break;
      }
    }
  }

  const changed = new Set([...away.values()].map(({ tenantId }) => tenantId));
  const reports: { from: LinkAddress; after: Reported; before: Reported | undefined }[] = [];
  for (const [who, state] of states) {
    const was = before.get(who)?.reported;
    await saveState(tx, state, now);
    changed.add(state.address.tenantId);
    if (state.reported && state.reported !== was) {
      reports.push({ from: state.address, after: state.reported, before: was });
    }
  }
  return { presences, asks: [...asks.values()], changed, reports };
}

/** Neighbours of one terminal and one kind together, in the order in which they came. */
function runsOf(fresh: readonly SentEntry[]) {
  const runs: { from: LinkAddress; kind: EntryKind; entries: Entry[] }[] = [];
  for (const { from, entry } of fresh) {
    const last = runs.at(-1);
    if (last && last.from === from && last.kind === entry.data.kind) last.entries.push(entry);
    else runs.push({ from, kind: entry.data.kind, entries: [entry] });
  }
  return runs;
}
