import { ConsoleEvent } from '@jolly/contracts/fleet-api';
import type { Store } from '../store/index.ts';

export type Topic = ConsoleEvent['topics'][number];

/** Tells who watches a tenant that something changed. Carries no data: the watcher reads again what it may read. */
export interface Changes {
  /** In a transaction: once it is committed, so that who reads again finds what changed. */
  notify(tenantId: string, topic: Topic): void;
  /** The returned function ends the watch. */
  watch(tenantId: string, listener: (topic: Topic) => void): () => void;
}

const CHANNEL = 'changes';
const TOPICS = ConsoleEvent.shape.topics.element.options;

/** Changes of all replicas of a store; without one, of this process. */
export function createChanges(store?: Pick<Store, 'afterCommit' | 'signals'>): Changes {
  const watchers = new Map<string, Set<(topic: Topic) => void>>();
  const told = (tenantId: string, topic: Topic) => {
    for (const listener of watchers.get(tenantId) ?? []) listener(topic);
  };
  store?.signals.hear(CHANNEL, {
    told: (word) => {
      const [tenantId = '', topic] = word.split(' ');
      const known = TOPICS.find((each) => each === topic);
      // another replica may be newer and know more than this one
      if (known) told(tenantId, known);
    },
    missed: () => {
      for (const tenantId of watchers.keys()) for (const topic of TOPICS) told(tenantId, topic);
    },
  });
  return {
    notify(tenantId, topic) {
      if (!store) return told(tenantId, topic);
      store.afterCommit(() => store.signals.tell(CHANNEL, `${tenantId} ${topic}`));
    },
    watch(tenantId, listener) {
      const listeners = watchers.get(tenantId) ?? new Set();
      watchers.set(tenantId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) watchers.delete(tenantId);
      };
    },
  };
}
