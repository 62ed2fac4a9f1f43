import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TenantId, TerminalId } from '@jolly/contracts/values';
import { z } from 'zod';
import { syncFolder, writeDurably } from '../durable-file/index.ts';
import { fail } from '../errors.ts';

const NAME_FILE = 'identity.json';

/** Who the terminal is since staff took it in. */
export const Name = z.object({ tenantId: TenantId, terminalId: TerminalId, site: z.string() });
export type Name = z.infer<typeof Name>;

export function readName(dataDir: string): Name | undefined {
  const file = join(dataDir, NAME_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return Name.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw fail('DEVICE_KEY_UNREADABLE', { file }, { cause });
  }
}

export const writeName = (dataDir: string, name: Name): void =>
  writeDurably(join(dataDir, NAME_FILE), JSON.stringify(name), 0o600);

export function dropName(dataDir: string): void {
  rmSync(join(dataDir, NAME_FILE), { force: true });
  syncFolder(dirname(join(dataDir, NAME_FILE)));
}
