import type { ConsoleEvent } from '@jolly/contracts/fleet-api';

export type Topic = ConsoleEvent['topics'][number];

/** Tells who watches a tenant that something changed. Carries no data: the watcher reads again what it may read. */
export interface Changes {
  notify(tenantId: string, topic: Topic): void;
  /** The returned function ends the watch. */
  watch(tenantId: string, listener: (topic: Topic) => void): () => void;
}

export function createChanges(): Changes {
  const watchers = new Map<string, Set<(topic: Topic) => void>>();
  return {
    notify(tenantId, topic) {
      for (const listener of watchers.get(tenantId) ?? []) listener(topic);
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
