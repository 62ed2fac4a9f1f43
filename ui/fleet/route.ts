import { useSyncExternalStore } from 'react';

/** `#/terminal/PO-09` → `['terminal', 'PO-09']`. What follows the sign is never sent to a server. */
export function partsOf(hash: string): readonly string[] {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
}

export const hashOf = (...parts: readonly string[]): string =>
  `#/${parts.map((part) => encodeURIComponent(part)).join('/')}`;

export function go(...parts: readonly string[]): void {
  location.hash = hashOf(...parts);
}

function follow(told: () => void): () => void {
  addEventListener('hashchange', told);
  return () => removeEventListener('hashchange', told);
}

/** Where the person is. */
export function useRoute(): readonly string[] {
  return partsOf(useSyncExternalStore(follow, () => location.hash));
}
