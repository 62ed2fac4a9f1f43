import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { CatalogueResponse, Fault } from '@jolly/contracts/fleet-api';
import type { CatalogueEntry } from '@jolly/contracts/service-catalogue';
import { checkCatalogue } from './check.ts';

/** What a municipality offers without a notice. */
export interface Catalogue {
  /** What terminals see: the entries in service. */
  offered(): CatalogueResponse;
  /** An entry in service, of that version. */
  find(service: string, version: number): CatalogueEntry | undefined;
}

export type CatalogueRead =
  | { readonly ok: true; readonly catalogue: Catalogue }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Nothing is offered. */
export const noCatalogue: Catalogue = {
  offered: () => ({ revision: 'none', entries: [] }),
  find: () => undefined,
};

type FileRead =
  | { readonly ok: true; readonly offered: CatalogueResponse }
  | { readonly ok: false; readonly faults: readonly Fault[] };

function readFile(file: string): FileRead {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unreadable';
    return { ok: false, faults: [{ path: '', message }] };
  }
  const checked = checkCatalogue(json);
  if (!checked.ok) return checked;
  const entries = checked.entries.filter(({ status }) => status === 'active');
  const revision = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 32);
  return { ok: true, offered: { revision, entries } };
}

/** When the file was last written, ms; undefined when it is not there. */
const writtenAt = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.mtimeMs;

/**
 * Reads a catalogue's file, and reads it again when it was written anew: an office adds a service without a restart. What was written
 * with faults is told to `refused` once, and the catalogue stays as it was.
 */
export function openCatalogue(
  file: string,
  refused: (faults: readonly Fault[]) => void = () => undefined,
): CatalogueRead {
  let seen = writtenAt(file);
  const first = readFile(file);
  if (!first.ok) return first;
  let { offered } = first;
  const current = (): CatalogueResponse => {
    const written = writtenAt(file);
    if (written === seen) return offered;
    seen = written;
    const again = readFile(file);
    if (again.ok) offered = again.offered;
    else refused(again.faults);
    return offered;
  };
  return {
    ok: true,
    catalogue: {
      offered: current,
      find: (service, version) =>
        current().entries.find((entry) => entry.id === service && entry.version === version),
    },
  };
}
