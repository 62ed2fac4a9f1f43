import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { MilState } from './mil/mil.ts';
import type { NodeState } from './node.ts';
import type { GpdRecord } from './platform/gpd.ts';

export interface SavedState {
  /** Ports in use, so that a restarted node is found where it was. */
  readonly listen: number;
  readonly control: number;
  readonly node: NodeState;
  readonly mil?: MilState;
  /** Ports of the REST faces. */
  readonly milPort?: number;
  readonly posGatewayPort?: number;
  /** Absent in files of an earlier version. */
  readonly platform?: number;
  readonly gpd?: readonly GpdRecord[];
}

export function loadState(file: string | undefined): SavedState | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as SavedState;
}

/**
 * Writes beside and renames: a kill leaves the old state or the new one. No fsync: a power cut of the whole machine is
 * not what the simulator is for, and its answers must stay fast.
 */
export function saveState(file: string, state: SavedState): void {
  const beside = `${file}.new`;
  writeFileSync(beside, JSON.stringify(state), { mode: 0o600 });
  renameSync(beside, file);
}
